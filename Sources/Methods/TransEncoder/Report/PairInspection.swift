import Experiments

/// The pairs whose score changed most between the start and the last bi-encoder, to walk over.
package enum PairInspection {
    static let count = 120
    /// Columns of a line of text: the details stand beside the list or below it.
    private static let lineWidth = 56

    static func emit(_ trainer: Trainer) {
        let material = trainer.material, member = trainer.members[0], cycles = trainer.settings.cycles
        guard let before = trainer.state[member.arm(.bi, 0)]?.scores.floats, let after = trainer.state[member.arm(.bi, cycles)]?.scores.floats, let cross = trainer.state[member.arm(.cross, cycles)]?.scores.floats else { return }
        let training = Set(material.training)
        // Each pair of sentences once, whichever way round it stands.
        var seen: Set<[Int]> = []
        let chosen = material.pairs.indices.filter { training.contains($0) || material.gold[$0] != nil }.sorted { a, b in
            let (x, y) = (abs(after[a] - before[a]), abs(after[b] - before[b]))
            return x != y ? x > y : a < b
        }.filter { seen.insert([material.pairs[$0].first, material.pairs[$0].second].sorted()).inserted }.prefix(count)
        var rows: [[RunEvent.Table.Cell]] = [], texts: [[RunEvent.Table.Cell]] = []
        for pair in chosen {
            let name = "\(pair)", gold = material.gold[pair]
            rows.append([.number(Double(after[pair] - before[pair])), .number(Double(abs(cross[pair] - after[pair]))), .number(Double(before[pair])), .number(Double(after[pair])), .number(Double(cross[pair])),
                         gold.map { .number($0.score) } ?? .empty, .text(gold?.set ?? "training"), .text(name), .text(material.sentences[material.pairs[pair].first])])
            for (title, sentence) in [("first", material.pairs[pair].first), ("second", material.pairs[pair].second)] {
                for (number, line) in wrapped(material.sentences[sentence], width: lineWidth).enumerated() { texts.append([.text(name), .text(number == 0 ? title : ""), .text(line)]) }
            }
        }
        context(trainer, rows, texts, cycles)
    }

    private static func context(_ trainer: Trainer, _ rows: [[RunEvent.Table.Cell]], _ texts: [[RunEvent.Table.Cell]], _ cycles: Int) {
        trainer.context.emit(.table(.init(name: "pairs", columns: [.init("change", digits: 3), .init("apart", digits: 3), .init("bi0", digits: 3), .init("bi\(cycles)", digits: 3), .init("cross\(cycles)", digits: 3), .init("gold", digits: 1),
                                                                   .init("set"), .init("pair"), .init("first sentence")], rows: rows)))
        trainer.context.emit(.table(.init(name: "sentences", columns: [.init("pair"), .init("of"), .init("text")], rows: texts)))
    }

    /// Lines of at most so many characters, cut at blanks; a longer word is cut where it is full.
    package static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = [], line = ""
        for word in text.split(separator: " ") {
            var rest = Substring(word)
            if !line.isEmpty, line.count + 1 + rest.count > width {
                lines.append(line)
                line = ""
            }
            while rest.count > width {
                lines.append(String(rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
            line += line.isEmpty ? String(rest) : " \(rest)"
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line.isEmpty ? "(empty)" : line) }
        return lines
    }
}
