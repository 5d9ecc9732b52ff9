/// The orders of the Home list.
enum RunOrder: String, CaseIterable, Sendable {
    case when, state, method, data, result

    func sorted(_ runs: [RunRow], isReversed: Bool) -> [RunRow] {
        let ordered: [RunRow]
        switch self {
        // The store's order: newest first.
        case .when: ordered = runs
        case .state: ordered = stable(runs) { $0.state.word }
        case .method: ordered = stable(runs) { $0.request.method }
        case .data: ordered = stable(runs) { $0.request.dataset }
        case .result: ordered = stable(runs) { $0.headlineResult?.value ?? .infinity }
        }
        return isReversed ? ordered.reversed() : ordered
    }

    private func stable<Key: Comparable>(_ runs: [RunRow], by key: (RunRow) -> Key) -> [RunRow] {
        runs.enumerated().sorted { left, right in
            let a = key(left.element), b = key(right.element)
            return a != b ? a < b : left.offset < right.offset
        }.map(\.element)
    }

    var next: RunOrder {
        let all = Self.allCases
        return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }
}
