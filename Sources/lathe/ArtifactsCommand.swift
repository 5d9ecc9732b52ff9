import ArgumentParser
import Experiments
import Foundation
import Terminal

struct ArtifactsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifacts", abstract: "Lists the files that a run left, such as a trained generator, or writes one of them.")
    @Argument(help: ArgumentHelp("A run's identifier, or its beginning.", valueName: "run")) var identifier: String
    @Argument(help: "The file to write; without it all are listed.") var name: String?
    @OptionGroup var destination: DestinationOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if name == nil, destination.out != nil { throw ValidationError("--out needs the name of a file that the run left") }
    }

    func run() throws {
        let runStore = try store.open(), run = try runStore.resolve(identifier)
        if let name {
            let data = try runStore.artifact(name, of: run)
            return try destination.write { write in try write(data) }
        }
        let marks = try runStore.artifacts(of: run)
        if output.json {
            return Talk.print(.array(marks.map { .record(["name": .text($0.name), "bytes": .integer($0.bytes), "checksum": .text($0.checksum)]) }))
        }
        guard !marks.isEmpty else { return Talk.print("\(run) left no file") }
        Talk.table([["file", "bytes", "SHA-256"]] + marks.map { [$0.name, String($0.bytes), $0.checksum] }, right: [1]).forEach { Talk.print($0.printable) }
    }
}
