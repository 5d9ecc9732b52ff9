import ArgumentParser
import Experiments
import Foundation
import Tensors

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures the program on this machine; one JSON object a line with --json.")

    @Option(name: .long, parsing: .upToNextOption, help: "Only these benchmarks, by name or the beginning of one up to a dash (conv); names may be joined by commas.") var only: [String] = []
    @Option(name: .long, help: "Threads of the linear algebra.") var threads: Int = ProcessInfo.processInfo.activeProcessorCount
    @Option(name: .long, help: "Seconds for each benchmark.") var seconds: Double = 4
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...1024).contains(threads) { throw ValidationError("--threads is \(threads); give 1 … 1024.") }
        if !(0.01...3600).contains(seconds) { throw ValidationError("--seconds is \(seconds); give 0.01 … 3600.") }
    }

    func run() throws {
        let all = Benchmark.all
        let names = only.flatMap { $0.split(separator: ",").map(String.init) }
        func isMeant(_ benchmark: Benchmark, _ name: String) -> Bool { benchmark.name == name || benchmark.name.hasPrefix(name + "-") }
        if let unknown = names.first(where: { name in !all.contains { isMeant($0, name) } }) {
            throw UsageError("there is no benchmark “\(unknown)”; there are \(all.map(\.name).joined(separator: ", "))")
        }
        BLAS.threads = threads
        Parallel.threads = threads
        Talk.say("machine \(Build.machine), OpenBLAS kernel \(BLAS.kernelName), \(BLAS.threads) threads")
        if !output.json { Talk.print("\("benchmark".padded(to: Measurement.nameWidth))\("median ms".padded(to: 12))\("min ms".padded(to: 12))steps") }
        for benchmark in all where names.isEmpty || names.contains(where: { isMeant(benchmark, $0) }) {
            let measurement = try benchmark.measure(Benchmark.Options(seconds: seconds, threads: threads))
            output.json ? Talk.print(measurement.json(benchmark.name)) : Talk.print(measurement.line(benchmark.name))
        }
    }
}

/// One thing that can be measured, by its name.
struct Benchmark: Sendable {
    struct Options: Sendable {
        var seconds: Double
        var threads: Int
    }

    var name: String
    var measure: @Sendable (Options) throws -> Measurement

    static var all: [Benchmark] { training + kernels + [.divaGradient, .encode, .open, .frame, .key, .ingest] }
}

/// The times of one benchmark's steps, in milliseconds.
struct Measurement {
    /// Columns of a name in the list.
    static let nameWidth = 24
    /// Sorted.
    private let times: [Double]
    /// Further figures, such as a memory peak, by name with the unit in it.
    var others: [(name: String, value: Double)] = []

    init(milliseconds: [Double], others: [(name: String, value: Double)] = []) {
        times = milliseconds.sorted()
        self.others = others
    }

    /// The value below which the share `p` of the steps lies.
    func percentile(_ p: Double) -> Double {
        times.isEmpty ? .nan : times[min(times.count - 1, max(0, Int((p * Double(times.count)).rounded(.up)) - 1))]
    }

    var median: Double {
        guard !times.isEmpty else { return .nan }
        let middle = times.count / 2
        return times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
    }

    func json(_ name: String) -> JSONValue {
        func rounded(_ value: Double) -> JSONValue { .number((value * 10000).rounded() / 10000) }
        return .object([
            .init("name", .text(name)), .init("median_ms", rounded(median)), .init("min_ms", rounded(times.first ?? .nan)),
            .init("p99_ms", rounded(percentile(0.99))), .init("steps", .integer(times.count)),
        ] + others.map { .init($0.name, rounded($0.value)) })
    }

    func line(_ name: String) -> String {
        func text(_ value: Double) -> String { String(format: "%.3f", value).padded(to: 12) }
        let rest = others.map { "  \($0.name) \(String(format: "%.3f", $0.value))" }.joined()
        return name.padded(to: Self.nameWidth) + text(median) + text(times.first ?? .nan) + String(times.count) + "  99th percentile \(String(format: "%.3f", percentile(0.99))) ms" + rest
    }

    /// Milliseconds that `body` takes.
    static func time(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
