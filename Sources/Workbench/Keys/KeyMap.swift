import Terminal

/// The one table of bindings.
public struct KeyMap: Sendable {
    public let bindings: [Binding]
    private let byPlace: [Place: [KeyPress: Int]]

    /// Later rows of a place win over earlier ones, so that a remapped key wins over the shipped one.
    public init(_ bindings: [Binding]) {
        self.bindings = bindings
        var byPlace: [Place: [KeyPress: Int]] = [:]
        for (index, binding) in bindings.enumerated() {
            for key in binding.keys { byPlace[binding.place, default: [:]][key] = index }
        }
        self.byPlace = byPlace
    }

    /// All rows: those that hold everywhere, then each screen's.
    public static let standard = KeyMap(EverywhereKeys.bindings + ListKeys.bindings + ChartKeys.bindings + TypingKeys.bindings
                                        + ScreenCatalogue.all.flatMap(\.bindings))

    /// The row that a key means at a focus, whose places are given narrowest first.
    public func binding(for key: KeyPress, at places: [Place]) -> Binding? {
        for place in places { if let index = byPlace[place]?[key] { return bindings[index] } }
        return nil
    }

    /// The rows that hold at a focus, narrowest place first, without those that a narrower place hides.
    public func bindings(at places: [Place]) -> [Binding] {
        var taken: Set<KeyPress> = []
        var rows: [Binding] = []
        for place in places {
            for binding in bindings where binding.place == place && !binding.keys.allSatisfy(taken.contains) {
                var visible = binding
                visible.keys.removeAll(where: taken.contains)
                rows.append(visible)
            }
            for binding in bindings where binding.place == place { taken.formUnion(binding.keys) }
        }
        return rows
    }

    /// The row of an action at a focus.
    public func binding(of action: ActionID, at places: [Place]) -> Binding? {
        bindings(at: places).first { $0.action == action }
    }
}
