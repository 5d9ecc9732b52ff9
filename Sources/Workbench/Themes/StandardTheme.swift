import Terminal

extension Theme {
    /// The default: dark, safe for colour-blind eyes, exact entries of the 256-colour cube. `themes/default.toml` says the
    /// same (a test compares them); this copy lets the binary work alone.
    public static let standard = Theme(
        name: "default", summary: "dark, colour-blind safe",
        roles: [
            .text: .plain,
            .dim: Style(foreground: gray),
            .strong: Style(.bold),
            .border: Style(foreground: slate),
            .borderFocused: Style(foreground: sky, .bold),
            .title: Style(foreground: silver),
            .titleFocused: Style(foreground: sky, .bold),
            .header: Style(foreground: silver, background: night),
            .footer: Style(foreground: gray),
            .footerKey: Style(foreground: sky, .bold),
            .disabled: Style(foreground: slate, .dim),
            .selection: Style(foreground: white, background: navy, .bold),
            .selectionInactive: Style(background: night),
            .mark: Style(foreground: amber, .bold),
            .match: Style(foreground: amber, .underline),
            .input: Style(foreground: white, background: night),
            .cursor: Style(.reverse),
            .hint: Style(foreground: gray, .italic),
            .error: Style(foreground: vermilion, .bold),
            .popup: Style(foreground: silver, background: night),
            .tab: Style(foreground: gray),
            .tabActive: Style(foreground: sky, .bold),
            .running: Style(foreground: sky, .bold),
            .done: Style(foreground: teal),
            .failed: Style(foreground: vermilion, .bold),
            .paused: Style(foreground: amber),
            .waiting: Style(foreground: gray),
            .interrupted: Style(foreground: amber, .bold),
            .cancelled: Style(foreground: gray),
            .axis: Style(foreground: slate),
            .label: Style(foreground: gray),
            .emphasis: Style(.bold),
            .positive: Style(foreground: sky),
            .negative: Style(foreground: amber),
            .warning: Style(foreground: vermilion, .bold),
            .meterLow: Style(foreground: sky),
            .meterMiddle: Style(foreground: teal),
            .meterHigh: Style(foreground: lemon),
            .meterRest: Style(foreground: slate),
        ],
        series: [sky, amber, teal, rose, lemon, vermilion, lavender, silver].map { Style(foreground: $0) },
        sequential: [.rgb(68, 1, 84), .rgb(59, 82, 139), .rgb(33, 145, 140), .rgb(94, 201, 98), .rgb(253, 231, 37)],
        diverging: [.rgb(33, 102, 172), .rgb(146, 197, 222), .rgb(247, 247, 247), .rgb(253, 184, 99), .rgb(217, 95, 2)])

    private static let gray = Color.rgb(0x9E, 0x9E, 0x9E)
    private static let slate = Color.rgb(0x6C, 0x6C, 0x6C)
    private static let silver = Color.rgb(0xD0, 0xD0, 0xD0)
    private static let white = Color.rgb(0xFF, 0xFF, 0xFF)
    private static let night = Color.rgb(0x30, 0x30, 0x30)
    private static let navy = Color.rgb(0x00, 0x5F, 0x87)
    private static let sky = Color.rgb(0x5F, 0xAF, 0xFF)
    private static let amber = Color.rgb(0xFF, 0xAF, 0x00)
    private static let teal = Color.rgb(0x00, 0xD7, 0xAF)
    private static let rose = Color.rgb(0xFF, 0x87, 0xAF)
    private static let lemon = Color.rgb(0xFF, 0xFF, 0x5F)
    private static let vermilion = Color.rgb(0xFF, 0x5F, 0x00)
    private static let lavender = Color.rgb(0xAF, 0x87, 0xFF)
}

extension Style {
    /// The terminal's own colours with attributes.
    init(_ attributes: Attributes) { self.init(foreground: .terminal, background: .terminal, attributes) }
}
