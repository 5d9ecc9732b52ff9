import ArgumentParser
import Catalogue
import Experiments
import Terminal

struct MethodsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "methods", abstract: "Lists the methods, or one method's parameters and their defaults.")

    @Argument(help: "A method's identifier.", completion: .list(methodCatalogue.map(\.description.identifier)))
    var name: String?
    @OptionGroup var output: OutputOptions

    func run() throws {
        guard let name else { return list() }
        let method = try Self.find(name)
        output.json ? Talk.print(Self.record(method, whole: true)) : show(method)
    }

    /// - Throws: `UsageError` that lists what there is.
    static func find(_ name: String) throws -> any Method {
        guard let method = methodCatalogue.first(where: { $0.description.identifier == name.lowercased() }) else {
            let known = methodCatalogue.map(\.description.identifier).joined(separator: ", ")
            throw UsageError("there is no method “\(name.printable)”; there is \(known)")
        }
        return method
    }

    private func list() {
        if output.json { return Talk.print(.array(methodCatalogue.map { Self.record($0, whole: false) })) }
        Talk.table(methodCatalogue.map { [$0.description.identifier, $0.description.question] }).forEach(Talk.print)
    }

    private func show(_ method: any Method) {
        let description = method.description
        let width = Talk.width
        func paragraph(_ text: String, indent: Int = 0) {
            for line in text.wrapped(max(20, width - indent)) { Talk.print(String(repeating: " ", count: indent) + line) }
        }
        paragraph("\(description.identifier): \(description.title)")
        paragraph(description.question)
        Talk.print("")
        paragraph(description.explanation)
        Talk.print("")
        paragraph(description.paper)
        Talk.print("")
        Talk.print("Parameters, for --set NAME=VALUE:")
        for spec in method.parameters {
            let defaults = Plan.allCases.map { spec.defaultValue(for: $0) }
            let text = Set(defaults).count == 1
                ? defaults[0].display
                : zip(Plan.allCases, defaults).map { "\($0.rawValue) \($1.display)" }.joined(separator: ", ")
            Talk.print("")
            paragraph("\(spec.name)  \(spec.range)\(spec.unit.isEmpty ? "" : " \(spec.unit)")", indent: 2)
            paragraph("default: \(text.isEmpty ? "none" : text)", indent: 6)
            paragraph(spec.help, indent: 6)
        }
    }

    private static func record(_ method: any Method, whole: Bool) -> JSONValue {
        let description = method.description
        var members: [JSONValue.Member] = [
            .init("id", .text(description.identifier)), .init("title", .text(description.title)),
            .init("question", .text(description.question)), .init("paper", .text(description.paper)),
            .init("tags", .array(description.tags.map { .text($0) })),
        ]
        guard whole else { return .object(members) }
        members.append(.init("explanation", .text(description.explanation)))
        members.append(.init("parameters", .array(method.parameters.map { spec in
            .record([
                "name": .text(spec.name), "title": .text(spec.title), "unit": .text(spec.unit), "range": .text(spec.range),
                "default": .object(Plan.allCases.map { .init($0.rawValue, JSONValue(spec.defaultValue(for: $0))) }),
                "help": .text(spec.help),
            ])
        })))
        return .object(members)
    }
}

extension JSONValue {
    init(_ value: ParameterValue) {
        switch value {
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .number(number)
        case .boolean(let flag): self = .boolean(flag)
        case .text(let text): self = .text(text)
        }
    }
}
