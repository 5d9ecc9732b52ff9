import Terminal

/// The colours and modifiers of every role: what a file in `themes/` says, with what it inherits.
public struct Theme: Sendable, Equatable {
    public var name: String
    /// One line for the picker.
    public var summary: String
    public var roles: [ThemeRole: Style]
    /// One style a series slot, at least one.
    public var series: [Style]
    /// Colours from low to high, at least two.
    public var sequential: [Color]
    /// Negative, middle, positive, at least two.
    public var diverging: [Color]

    public init(name: String, summary: String = "", roles: [ThemeRole: Style] = [:], series: [Style] = [.plain],
                sequential: [Color] = [.terminal, .terminal], diverging: [Color] = [.terminal, .terminal]) {
        self.name = name
        self.summary = summary
        self.roles = roles
        self.series = series
        self.sequential = sequential
        self.diverging = diverging
    }
}

extension Theme: Codable {
    private enum CodingKeys: String, CodingKey { case name, summary, roles, series, sequential, diverging }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        summary = try container.decode(String.self, forKey: .summary)
        var roles: [ThemeRole: Style] = [:]
        for (key, word) in try container.decode([String: String].self, forKey: .roles) {
            if let role = ThemeRole(rawValue: key) { roles[role] = StyleWord.style(word) }
        }
        self.roles = roles
        series = try container.decode([String].self, forKey: .series).map { StyleWord.style($0) ?? .plain }
        sequential = try container.decode([String].self, forKey: .sequential).map { StyleWord.color($0) ?? .terminal }
        diverging = try container.decode([String].self, forKey: .diverging).map { StyleWord.color($0) ?? .terminal }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(summary, forKey: .summary)
        try container.encode(Dictionary(uniqueKeysWithValues: roles.map { ($0.rawValue, StyleWord.text($1)) }), forKey: .roles)
        try container.encode(series.map(StyleWord.text), forKey: .series)
        try container.encode(sequential.map(StyleWord.text), forKey: .sequential)
        try container.encode(diverging.map(StyleWord.text), forKey: .diverging)
    }
}
