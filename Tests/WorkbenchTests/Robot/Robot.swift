import Experiments
import Terminal
import Testing
import Workbench

/// Hands and eyes: presses keys, reads the screen, answers effects as a store with the sample runs would.
struct Robot {
    var app: App
    var size: Size
    var time = SampleStore.now
    /// Everything that the application asked for, oldest first.
    var effects: [Effect] = []

    init(_ size: Size = Size(width: 120, height: 40), methods: [any Method] = [SampleMethod()], appearance: Appearance = Appearance(),
         isEmpty: Bool = false, canHandOver: Bool = false) {
        self.size = size
        app = App(methods: methods, appearance: appearance, canHandOver: canHandOver)
        tell(.resize(size))
        tell(.datasets(SampleStore.datasets))
        tell(.runs(isEmpty ? [] : SampleStore.rows))
    }

    mutating func tell(_ content: Message.Content) {
        let wanted = app.receive(Message(time: time, content))
        effects += wanted
        for effect in wanted { answer(effect) }
    }

    private mutating func answer(_ effect: Effect) {
        switch effect {
        case .previewRun(let run): tell(.runPreview(SampleStore.preview(of: run)))
        case .preview("digits"): tell(.datasetPreview(dataset: "digits", SampleStore.pictures))
        case .preview("cora"): tell(.datasetPreview(dataset: "cora", SampleStore.graph))
        case .preview("prices"): tell(.datasetPreview(dataset: "prices", SampleStore.table))
        case .preview("loads"): tell(.datasetPreview(dataset: "loads", SampleStore.series))
        case .copy(_, let what): tell(.copied(what: what, file: nil))
        default: break
        }
    }

    /// Presses keys by name: `press("n", "down", "enter")`.
    mutating func press(_ keys: KeyPress...) { for key in keys { tell(.input(.key(key))) } }

    /// Types a text letter by letter.
    mutating func type(_ text: String) { for character in text { tell(.input(.key(KeyPress(character)))) } }

    /// Lets time pass.
    mutating func wait(_ seconds: Double) {
        time += seconds
        tell(.tick)
    }

    var grid: CellGrid { app.draw(size: size) }
    var screen: String { grid.text }
    var footer: String { screen.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? "" }
    var header: String { screen.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? "" }

    func shows(_ text: String) -> Bool { screen.contains(text) }
}

extension Robot: CustomTestStringConvertible {
    /// What a failed expectation shows: the screen, not the state behind it.
    var testDescription: String { "\n" + screen }
}
