import ArgumentParser
import Experiments

struct AnnotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "annotate", abstract: "Gives runs tags and a note; lathe runs and the workbench find them by these.")
    @Argument(help: ArgumentHelp("Runs' identifiers, or their beginnings.", valueName: "run")) var identifiers: [String]
    @Option(name: .long, help: "A tag to add; may be given several times.") var tag: [String] = []
    @Option(name: .long, help: "A tag to take away; may be given several times.") var untag: [String] = []
    @Option(name: .long, help: "The note, instead of the one before; an empty one takes it away.") var note: String?
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if tag.isEmpty, untag.isEmpty, note == nil { throw ValidationError("give --tag, --untag or --note.") }
        if let bad = (tag + untag).first(where: { $0.isEmpty || $0.contains(where: \.isWhitespace) }) { throw ValidationError("the tag “\(bad)” is empty or has blanks; a tag is one word.") }
    }

    func run() throws {
        let runStore = try store.open()
        for run in try identifiers.map({ try runStore.resolve($0) }) {
            try runStore.annotate(run, adding: tag, removing: untag, note: note)
            let record = try runStore.run(run)
            Talk.print("\(run): \(record.tags.map { "#\($0)" }.joined(separator: " "))\(record.notes.isEmpty ? "" : "  \(record.notes)")".printable)
        }
    }
}
