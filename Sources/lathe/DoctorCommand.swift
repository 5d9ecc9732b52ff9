import ArgumentParser
import Datasets
import Experiments
import Foundation
import Tensors
import Terminal

/// Says what works on this machine, and how to mend what does not.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks terminal, colours, linear algebra, store and data; says how to mend what fails.")
    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var output: OutputOptions

    private enum Verdict: String { case good = "ok", worth = "note", bad = "bad" }
    private struct Finding {
        var topic: String
        var verdict: Verdict
        var sentence: String
    }

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let findings = terminal(environment) + linearAlgebra() + store() + data() + crashes()
        if output.json {
            Talk.print(.array(findings.map {
                .record(["topic": .text($0.topic), "verdict": .text($0.verdict.rawValue), "sentence": .text($0.sentence)])
            }))
        } else {
            let glyphs: [Verdict: String] = [.good: "✓ ok", .worth: "· note", .bad: "✗ bad"]
            Talk.table(findings.map { [glyphs[$0.verdict] ?? "", $0.topic, $0.sentence] }).forEach { Talk.print($0.printable) }
        }
        if findings.contains(where: { $0.verdict == .bad }) { throw ExitCode(1) }
    }

    private func terminal(_ environment: [String: String]) -> [Finding] {
        var findings: [Finding] = []
        let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        let term = environment["TERM"] ?? ""
        if !isTerminal {
            findings.append(Finding(topic: "terminal", verdict: .worth, sentence: "standard input and output are no terminal; the workbench needs one, the subcommands do not"))
        } else if term.isEmpty || term == "dumb" {
            findings.append(Finding(topic: "terminal", verdict: .bad, sentence: "TERM is “\(term)”; set it to what the terminal is, such as TERM=xterm-256color"))
        } else {
            let window = Talk.window
            let size = window.map { "\($0.columns)x\($0.rows)" } ?? "unknown size"
            let small = window.map { $0.columns < 60 || $0.rows < 16 } ?? false
            findings.append(Finding(topic: "terminal", verdict: small ? .bad : .good,
                                    sentence: "\(term), \(size)\(small ? "; Lathe needs 60x16, 80x24 is comfortable" : "")"))
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let isUTF8 = locale.lowercased().contains("utf-8") || locale.lowercased().contains("utf8")
        findings.append(Finding(topic: "characters", verdict: isUTF8 ? .good : .bad,
                                sentence: isUTF8 ? "\(locale): charts use braille dots"
                                    : "the locale “\(locale)” is not UTF-8: charts fall back to ASCII; set LANG=C.UTF-8"))
        let depth = ColorDepth.resolve(environment: environment, terminalColors: term.contains("256") ? 256 : 8)
        let noColor = !(environment["NO_COLOR"] ?? "").isEmpty
        findings.append(Finding(topic: "colours", verdict: depth < .colors256 && !noColor ? .worth : .good,
                                sentence: noColor ? "NO_COLOR is set: none, marks and words carry the meaning"
                                    : depth == .trueColor ? "24-bit" : depth == .none ? "none" : "\(depth.rawValue); set COLORTERM=truecolor where the terminal can"))
        return findings
    }

    private func linearAlgebra() -> [Finding] {
        let failures = BLAS.selfCheck()
        let kernel = "OpenBLAS kernel \(BLAS.kernelName), \(BLAS.threads) of \(BLAS.processors) threads"
        guard let first = failures.first else {
            return [Finding(topic: "linear algebra", verdict: .good, sentence: "\(kernel); products and factorisations agree with plain loops")]
        }
        return [Finding(topic: "linear algebra", verdict: .bad,
                        sentence: "\(kernel) computes wrong numbers (\(first)); set OPENBLAS_CORETYPE=Haswell, or install a newer libopenblas")]
    }

    private func store() -> [Finding] {
        do {
            let store = try storeOptions.open()
            let verdict = try store.integrityCheck()
            let runs = try store.counts().values.reduce(0, +)
            return [Finding(topic: "store", verdict: verdict == "ok" ? .good : .bad,
                            sentence: "\(storeOptions.location.path): \(runs) runs, integrity \(verdict)")]
        } catch {
            return [Finding(topic: "store", verdict: .bad, sentence: "\(error)")]
        }
    }

    private func crashes() -> [Finding] {
        let reports = CrashReports.ofEnvironment
        guard let newest = reports.list(onlyUnread: true).first else {
            return [Finding(topic: "crashes", verdict: .good, sentence: "no report that was not read; reports are kept in \(reports.folder.path)")]
        }
        return [Finding(topic: "crashes", verdict: .worth, sentence: "the program crashed at \(RunsCommand.when(newest.time)) (\(newest.what)): \(newest.path); the workbench shows it with !")]
    }

    private func data() -> [Finding] {
        let library = DatasetLibrary.ofEnvironment
        let entries = library.entries()
        let present = entries.filter { $0.state != .missing }.map(\.identifier)
        return [Finding(topic: "data", verdict: .good,
                        sentence: "\(present.count) of \(entries.count) data sets are here (\(present.prefix(6).joined(separator: ", "))\(present.count > 6 ? ", …" : "")); your own folder is \(library.userFolder.path)")]
    }
}
