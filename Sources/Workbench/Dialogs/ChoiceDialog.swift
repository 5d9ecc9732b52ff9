import Terminal

/// A question with answers one below the other, in a frame over the screen.
public struct ChoiceDialog: Screen {
    public struct Answer: Sendable {
        public var text: String
        public var outcomes: [Outcome]
        public init(_ text: String, _ outcomes: [Outcome]) {
            self.text = text
            self.outcomes = outcomes
        }
    }

    public var title: String
    /// What is asked, and what will be lost.
    public var question: String
    public var answers: [Answer]
    private var cursor = ListCursor()

    /// The first answer is under the cursor: put the harmless one first.
    public init(title: String, question: String, answers: [Answer]) {
        self.title = title
        self.question = question
        self.answers = answers
    }

    public var isOverlay: Bool { true }
    public func breadcrumb(_ workspace: Workspace) -> [String] { [] }
    public func places(_ workspace: Workspace) -> [Place] { [.dialogs] }
    public func footer(_ workspace: Workspace) -> [ActionID] { ["accept", "down", "cancel"] }

    public mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        if cursor.handle(action, count: answers.count, page: answers.count) { return [] }
        switch action {
        case "accept": return answers.indices.contains(cursor.index) ? [.pop] + answers[cursor.index].outcomes : [.pop]
        case "cancel", "leave", "back": return [.pop]
        default: return nil
        }
    }

    public func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let width = min(area.width, max(40, min(72, area.width - 8)))
        let lines = question.wrapped(max(1, width - 4))
        let height = min(area.height, lines.count + answers.count + 3)
        let frame = Rect(x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width: width, height: height)
        let inside = Panel(title, isFocused: true).draw(into: &grid, area: frame, styles: styles)
        var y = inside.y
        for line in lines {
            grid.write(line, x: inside.x + 1, y: y, style: styles[.text], within: inside)
            y += 1
        }
        y += 1
        for (index, answer) in answers.enumerated() {
            let isChosen = index == cursor.index
            let text = (isChosen ? "▸ " : "  ") + answer.text
            grid.write(text.padded(to: inside.width), x: inside.x, y: y, style: styles[isChosen ? .selection : .text], within: inside)
            y += 1
        }
    }
}
