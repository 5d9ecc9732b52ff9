import ArgumentParser
import Datasets
import Experiments
import Foundation
import Terminal

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Lists data sets, shows one, or adds your own.",
        subcommands: [DataListCommand.self, DataShowCommand.self, DataAddCommand.self], defaultSubcommand: DataListCommand.self)
}

struct DataListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists every data set that Lathe knows, here or not.")
    @OptionGroup var output: OutputOptions

    func run() throws {
        let entries = DatasetLibrary.ofEnvironment.entries()
        if output.json { return Talk.print(.array(entries.map { $0.record })) }
        var rows = [["data set", "state", "kind", "rows", "what it is"]]
        for entry in entries {
            rows.append([entry.identifier, entry.state.rawValue, entry.kind.title, entry.rows.map(String.init) ?? "", entry.title])
        }
        Talk.table(rows, right: [3]).forEach { Talk.print($0.printable) }
    }
}

struct DataShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows where a data set comes from, its facts and its first rows.")
    @Argument(help: "A data set's identifier.") var name: String
    @OptionGroup var output: OutputOptions

    func run() throws {
        let library = DatasetLibrary.ofEnvironment
        let dataset: any Dataset = try library.open(name)
        let preview = dataset.preview()
        guard let entry = library.entry(name) else { throw UsageError("there is no data set “\(name.printable)”; see lathe data list") }
        if output.json {
            guard case .object(let members) = entry.record else { return }
            return Talk.print(.object(members + [
                .init("checksum", .text(dataset.checksum)),
                .init("facts", .object(preview.facts.map { .init($0.name, .text($0.value)) })),
                .init("classes", .object(preview.classes.map { .init($0.name, .integer($0.count)) })),
            ]))
        }
        Talk.print("\(entry.identifier): \(entry.title)".printable)
        var rows = [["kind", entry.kind.title], ["shape", entry.shape], ["origin", entry.origin], ["licence", entry.licence],
                    ["state", entry.state.rawValue + (entry.path.map { ", \($0)" } ?? "")], ["SHA-256", dataset.checksum]]
        rows += preview.facts.filter { $0.name != "checksum" }.map { [$0.name, $0.value] }
        Talk.table(rows).forEach { Talk.print($0.printable) }
        if !preview.classes.isEmpty {
            Talk.print("")
            Talk.table(preview.classes.map { [$0.name, String($0.count)] }, right: [1]).forEach { Talk.print($0.printable) }
        }
        if !preview.rows.isEmpty {
            Talk.print("")
            let header = preview.columns.isEmpty ? [] : [preview.columns.map(\.name)]
            Talk.table(header + preview.rows.prefix(10)).forEach { Talk.print($0.printable) }
        }
    }
}

extension DatasetEntry {
    /// The entry as `lathe data list --json` prints it.
    var record: JSONValue {
        .record([
            "id": .text(identifier), "title": .text(title), "kind": .text(kind.rawValue), "state": .text(state.rawValue),
            "rows": rows.map { .integer($0) } ?? .null, "shape": .text(shape), "origin": .text(origin), "licence": .text(licence),
            "path": .optional(path), "obtain": .optional(obtain),
        ])
    }
}

struct DataAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Checks your own files and keeps a copy of them as a data set.")
    @Argument(help: "The files of the data set.", completion: .file()) var files: [String]
    @Option(name: .long, help: "The data set's identifier. Default: the first file's name.") var name: String?
    @Option(name: .customLong("as"), help: ArgumentHelp("How the files are laid out, where it is not evident.", valueName: "layout"))
    var layout: DatasetLayout?
    @Option(name: .long, help: "The column of a table that holds the class.") var label: String?
    @OptionGroup var output: OutputOptions

    func run() throws {
        let request = DatasetImport(files: files.map { URL(fileURLWithPath: $0) }, name: name, layout: layout, labelColumn: label)
        let entry = try request.add(to: .ofEnvironment)
        if output.json { return Talk.print(entry.record) }
        Talk.print("added \(entry.identifier): \(entry.rows.map { "\($0) rows, " } ?? "")\(entry.shape)".printable)
    }
}

extension DatasetLayout: ExpressibleByArgument {}
