import ArgumentParser
import Datasets
import Experiments
import Foundation

/// Where the runs are kept: the same flag everywhere.
struct StoreOptions: ParsableArguments {
    @Option(name: .long, help: "The store's file. Default: LATHE_STORE, then $XDG_DATA_HOME/lathe/store.sqlite.")
    var store: String?

    var location: URL { store.map { URL(fileURLWithPath: $0) } ?? RunStore.defaultLocation() }

    /// Opens the store, and says on standard error what is worth knowing of it.
    func open() throws -> RunStore {
        let opened = try RunStore(at: location)
        if let note = opened.note { Talk.say("lathe: \(note)") }
        return opened
    }
}

/// Print JSON in place of text.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON on standard output.")
    var json = false
}

/// A sentence for a wrong use that the parser cannot see; exit status 2.
struct UsageError: Error, CustomStringConvertible {
    var description: String
    init(_ sentence: String) { description = sentence }
}

extension DatasetLibrary {
    /// The library as the environment asks for it.
    static var ofEnvironment: DatasetLibrary { DatasetLibrary(environment: ProcessInfo.processInfo.environment) }
}
