import ArgumentParser
import Workbench

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "keys", abstract: "Prints every key of the workbench, as docs/keys.md has them.")

    func run() { Talk.write(KeyReference.markdown(), to: .standardOutput) }
}
