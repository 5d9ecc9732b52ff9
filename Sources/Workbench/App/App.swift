import Experiments
import Terminal

/// The workbench as a pure machine: messages in, effects and cells out.
///
/// It holds no clock, file, thread, store or random source. Time comes with each message, the outside answers effects with
/// messages; so the same messages always give the same screen, live, replayed and in a test.
public struct App: Sendable {
    public internal(set) var workspace: Workspace
    /// The screens from home to the one on top.
    public internal(set) var stack: [any Screen] = []
    var history = UndoHistory()
    private let keyMap: KeyMap
    private var lastInterrupt = -Double.infinity
    private var hasStarted = false

    /// - Parameters:
    ///   - methods: the methods to offer.
    ///   - theme: the theme until `Message.themes` brings another.
    ///   - keyMap: the bindings; the shipped ones unless a user's file changes some.
    ///   - canHandOver: whether the quit dialog offers to go on without a screen.
    public init(methods: [any Method], theme: Theme = .standard, appearance: Appearance = Appearance(),
                keyMap: KeyMap = .standard, canHandOver: Bool = false) {
        workspace = Workspace(methods: methods, theme: theme, appearance: appearance, canHandOver: canHandOver)
        self.keyMap = keyMap
    }

    /// Takes one message in.
    /// - Returns: what the outside should do now.
    public mutating func receive(_ message: Message) -> [Effect] {
        if message.time > workspace.now { workspace.now = message.time }
        var effects: [Effect] = []
        if !hasStarted {
            hasStarted = true
            effects += perform([.push(HomeScreen())])
        }
        switch message.content {
        case .input(let event): effects += input(event)
        case .open(let screen, let argument): effects += perform([.open(screen, [argument])])
        default:
            absorb(message.content)
            for index in stack.indices where index < stack.count {
                workspace.isCovered = stack[(index + 1)...].contains { !$0.isOverlay }
                let outcomes = stack[index].receive(message.content, &workspace)
                workspace.isCovered = false
                effects += perform(outcomes)
            }
        }
        effects += deletions(dueBy: workspace.now) + notices()
        return effects
    }

    /// True while a screen moves by itself: the loop then sends `Message.tick` ten times a second.
    public var isAnimating: Bool { stack.contains(where: \.isAnimating) }

    /// Draws the screen; the same state and size always give the same cells.
    public func draw(size: Size) -> CellGrid { ScreenFrame.draw(self, size: size) }

    /// The places whose keys hold now, narrowest first.
    var places: [Place] {
        guard let top = stack.last else { return [.everywhere] }
        if top.isTyping { return [.typing] }
        return top.places(workspace) + [.everywhere]
    }

    /// The rows of the key map that hold now.
    var bindings: [Binding] { keyMap.bindings(at: places) }

    /// The key map as a whole.
    var keys: KeyMap { keyMap }

    /// Why an action cannot be done now; nil where it can.
    func disabledReason(_ action: ActionID) -> String? {
        switch action {
        case "undo" where !history.canUndo: return "nothing to undo"
        case "redo" where !history.canRedo: return "nothing to redo"
        default: return stack.last?.disabledReason(action, workspace)
        }
    }

    // MARK: Input

    private mutating func input(_ event: InputEvent) -> [Effect] {
        switch event {
        case .key(let key): return press(key)
        case .paste(let text):
            guard let top = stack.indices.last, stack[top].isTyping else { return [] }
            return perform(stack[top].paste(text, &workspace))
        case .mouse(let mouse): return pointer(mouse)
        case .resize(let size):
            workspace.size = size
            return []
        case .focus, .suspended, .resumed: return []
        }
    }

    private mutating func press(_ key: KeyPress) -> [Effect] {
        guard let top = stack.indices.last else { return [] }
        if key == "ctrl-c" { return perform("interrupt") }
        if !stack[top].isTyping, stack[top].takes(key), let outcomes = stack[top].type(key, &workspace) { return perform(outcomes) }
        if stack[top].isTyping {
            if let outcomes = stack[top].type(key, &workspace) { return perform(outcomes) }
            guard let binding = keyMap.binding(for: key, at: [.typing] + stack[top].places(workspace).filter { $0 != .lists }),
                  key.insertedText == nil else { return [] }
            return perform(binding.action)
        }
        guard let binding = keyMap.binding(for: key, at: places) else { return [] }
        return perform(binding.action, named: binding.verb)
    }

    private mutating func pointer(_ event: MouseEvent) -> [Effect] {
        guard let top = stack.indices.last else { return [] }
        let areas = ScreenFrame.areas(workspace.size)
        if case .press(.left) = event.action, event.y == areas.footer.y, let action = Footer.action(atColumn: event.x, of: self, area: areas.footer) {
            return perform(action)
        }
        return perform(stack[top].pointer(event, area: areas.body, &workspace))
    }

    // MARK: Actions

    /// Does an action as if its key were pressed; says why where it cannot be done.
    mutating func perform(_ action: ActionID, named verb: String? = nil) -> [Effect] {
        if let reason = disabledReason(action) {
            workspace.say(.warning, "\(verb ?? action.rawValue): \(reason)")
            return []
        }
        if action == "interrupt" { return interrupt() }
        guard let top = stack.indices.last else { return [] }
        if let outcomes = stack[top].handle(action, &workspace) { return perform(outcomes) }
        switch action {
        case "help": return perform([.push(HelpScreen(over: self))])
        case "palette": return perform([.push(PaletteScreen(over: self))])
        case "back": return stack.count > 1 ? perform([.pop]) : []
        case "leave": return perform([stack.count > 1 ? .pop : .askToQuit])
        case "undo": return takeBack(history.undo(), isUndo: true)
        case "redo": return takeBack(history.redo(), isUndo: false)
        case "suspend": return [.suspend]
        case "redraw": return [.redraw]
        case "quit": return perform([.askToQuit])
        default: return []
        }
    }

    /// First ctrl-c: stops what goes on here. A second one within two seconds leaves the program.
    private mutating func interrupt() -> [Effect] {
        if workspace.now - lastInterrupt <= 2 { return perform([.effect(.quit(.interrupted))]) }
        lastInterrupt = workspace.now
        guard let top = stack.indices.last else { return [] }
        let outcomes: [Outcome]
        if let own = stack[top].handle("interrupt", &workspace) { outcomes = own
        } else if stack[top].isOverlay { outcomes = [.pop]
        } else { outcomes = [] }
        workspace.say(.information, "ctrl-c again within two seconds leaves lathe")
        return perform(outcomes)
    }

    private mutating func takeBack(_ entry: UndoEntry?, isUndo: Bool) -> [Effect] {
        guard let entry else { return [] }
        let change = isUndo ? entry.undo : entry.redo
        switch change {
        case .marks(let marks): workspace.marks = marks
        case .keepRun(let run): keep(run)
        case .deleteRun(let run): markForDeletion(run)
        case .filter: for index in stack.indices { stack[index].apply(change, &workspace) }
        }
        workspace.say(.information, "\(isUndo ? "undid" : "did again"): \(entry.words)")
        return []
    }

    // MARK: Outcomes

    mutating func perform(_ outcomes: [Outcome]) -> [Effect] {
        var effects: [Effect] = []
        for outcome in outcomes {
            switch outcome {
            case .effect(.quit(let mode)): effects += deletions(dueBy: .infinity) + [.quit(mode)]
            case .effect(let effect): effects += [effect]
            case .open(let name, let arguments): effects += open(name, arguments)
            case .push(let screen):
                stack.append(screen)
                effects += perform(stack[stack.count - 1].appear(&workspace))
            case .pop:
                guard stack.count > 1, var screen = stack.popLast() else { continue }
                effects += perform(screen.disappear(&workspace)) + uncover()
            case .home:
                while stack.count > 1, var screen = stack.popLast() { effects += perform(screen.disappear(&workspace)) }
                effects += uncover()
            case .answer(let answer):
                if let top = stack.indices.last { effects += perform(stack[top].receiveAnswer(answer, &workspace)) }
            case .popAndPerform(let action):
                effects += perform([.pop])
                effects += perform(action)
            case .perform(let action): effects += perform(action)
            case .toast(let kind, let text): workspace.say(kind, text)
            case .undoable(let entry): history.record(entry)
            case .delete(let runs): for run in runs { delete(run) }
            case .askToQuit: effects += askToQuit()
            case .takeOver(let app):
                let methods = workspace.methods
                self = app
                workspace.methods = methods
                effects += [.listRuns, .listDatasets]
            case .useTheme(let name): effects += useTheme(name)
            case .previewTheme(let theme): workspace.use(theme)
            }
        }
        return effects
    }

    private mutating func uncover() -> [Effect] {
        guard let top = stack.indices.last else { return [] }
        return perform(stack[top].uncover(&workspace))
    }

    private mutating func open(_ name: String, _ arguments: [String]) -> [Effect] {
        guard let descriptor = ScreenCatalogue.descriptor(name) else {
            workspace.say(.failure, "there is no screen “\(name)”; there are \(ScreenCatalogue.all.map(\.name).joined(separator: ", "))")
            return []
        }
        do { return perform([.push(try descriptor.open(arguments, workspace))]) } catch {
            workspace.say(.failure, error.description)
            return []
        }
    }

    private mutating func useTheme(_ name: String) -> [Effect] {
        guard let theme = workspace.themes.first(where: { $0.name == name }) else {
            workspace.say(.failure, "there is no theme “\(name)”; there are \(workspace.themes.map(\.name).joined(separator: ", "))")
            return []
        }
        workspace.use(theme)
        workspace.say(.information, "theme \(name)")
        return [.rememberTheme(name)]
    }

    private mutating func askToQuit() -> [Effect] {
        guard workspace.runs.contains(where: \.isActiveHere) else { return perform([.effect(.quit(.now))]) }
        return perform([.push(QuitDialog.make(workspace))])
    }
}
