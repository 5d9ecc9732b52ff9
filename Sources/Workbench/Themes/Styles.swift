import Charts
import Experiments
import Terminal

/// A theme made ready to draw with, for a terminal with or without colours.
public struct Styles: Sendable {
    private let byRole: [Style]
    public let palette: ChartPalette
    public let glyphs: GlyphLevel

    private static let order = Dictionary(uniqueKeysWithValues: ThemeRole.allCases.enumerated().map { ($1, $0) })

    public init(_ theme: Theme, _ appearance: Appearance) {
        func shown(_ style: Style) -> Style { appearance.hasColor ? style : Style(foreground: .terminal, background: .terminal, style.attributes) }
        byRole = ThemeRole.allCases.map { shown(theme.roles[$0] ?? .plain) }
        glyphs = appearance.glyphs
        func role(_ role: ThemeRole) -> Style { shown(theme.roles[role] ?? .plain) }
        var palette = ChartPalette()
        palette.axis = role(.axis)
        palette.label = role(.label)
        palette.emphasis = role(.emphasis)
        palette.series = theme.series.map(shown)
        palette.sequential = theme.sequential
        palette.diverging = theme.diverging
        palette.positive = role(.positive)
        palette.negative = role(.negative)
        palette.warning = role(.warning)
        palette.glyphs = appearance.glyphs
        palette.hasColor = appearance.hasColor
        self.palette = palette
    }

    public subscript(role: ThemeRole) -> Style {
        guard let index = Self.order[role], index < byRole.count else { return .plain }
        return byRole[index]
    }

    /// The style and marker of a series slot.
    public func series(_ slot: Int) -> Style {
        let count = palette.series.count
        return count == 0 ? .plain : palette.series[(slot % count + count) % count]
    }

    public func marker(_ slot: Int) -> Character {
        if glyphs == .ascii { return ["*", "+", "x", "o", "#", "@", "%", "&"][(slot % 8 + 8) % 8] }
        let count = palette.markers.count
        return count == 0 ? "*" : palette.markers[(slot % count + count) % count]
    }
}

extension RunState {
    /// Glyph and word: a state is never colour alone.
    public var glyph: Character {
        switch self {
        case .waiting: "…"
        case .running: "▶"
        case .paused: "‖"
        case .finished: "✓"
        case .failed: "✗"
        case .cancelled: "■"
        case .interrupted: "!"
        }
    }

    public var word: String {
        switch self {
        case .waiting: "waiting"
        case .running: "running"
        case .paused: "paused"
        case .finished: "done"
        case .failed: "failed"
        case .cancelled: "stopped"
        case .interrupted: "interrupted"
        }
    }

    public var role: ThemeRole {
        switch self {
        case .waiting: .waiting
        case .running: .running
        case .paused: .paused
        case .finished: .done
        case .failed: .failed
        case .cancelled: .cancelled
        case .interrupted: .interrupted
        }
    }
}
