import Charts
import Experiments
import Terminal

/// One training example as the panels name it: identifier, weight and what is known of it.
struct ExampleFacts {
    /// Attributes that mark an example.
    static let flagNames: Set<String> = ["flagged", "chosen", "mislabelled", "noisy"]

    let identifier: Int
    let value: Double
    let weightName: String
    let unit: String
    let attributes: [(name: String, cell: RunEvent.Table.Cell)]

    init(_ history: WeightHistory, at position: Int) {
        let newest = history.newest
        identifier = newest.identifiers.indices.contains(position) ? newest.identifiers[position] : 0
        value = newest.values.indices.contains(position) ? newest.values[position] : .nan
        weightName = newest.name
        unit = newest.unit
        attributes = newest.attributes.compactMap { attribute in
            history.attribute(attribute.name, at: position).map { (attribute.name, $0) }
        }
    }

    func text(_ name: String) -> String? { attributes.first { $0.name == name }.map { Self.text($0.cell) } }

    /// `w 0.00`, or with the weight's own name where it is none.
    var weight: String {
        let name = weightName.lowercased().hasPrefix("weight") ? "w" : weightName.middleTruncated(to: 10)
        return "\(name) \(NumberText.short(value))\(unit.isEmpty ? "" : " \(unit)")"
    }

    /// `label 8 ✗`: the cross says that the label is wrong where that is known, else that the model says otherwise.
    var label: String? {
        guard let label = text("label") else { return nil }
        let other = text("truth") ?? text("predicted")
        return "label \(label)\(other.map { $0 == label ? "" : " ✗" } ?? "")"
    }

    var prediction: String? { text("predicted").map { "says \($0)" } }

    /// The lines beside a picture, most important first.
    var card: [String] { ["#\(identifier)", label, prediction, weight].compactMap { $0 } }

    /// Everything in one line.
    var line: String {
        var parts = ["#\(identifier)", weight]
        if let label { parts.append(label) }
        if let prediction { parts.append(prediction) }
        parts += attributes.filter { !["label", "predicted"].contains($0.name) }.map { "\($0.name) \(Self.text($0.cell))" }
        return parts.joined(separator: "  ")
    }

    static func text(_ cell: RunEvent.Table.Cell) -> String {
        switch cell {
        case .text(let text): text
        case .number(let number): NumberText.short(number)
        case .empty: "–"
        }
    }

    static func isTrue(_ cell: RunEvent.Table.Cell) -> Bool {
        switch cell {
        case .number(let number): number != 0 && !number.isNaN
        case .text(let text): ["yes", "true", "1"].contains(text.lowercased())
        case .empty: false
        }
    }
}
