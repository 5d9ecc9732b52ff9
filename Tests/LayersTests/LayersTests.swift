import Testing
import Layers
import Tensors

@Suite(.serialized) struct LayersTests {
    @Test("each benchmark workload learns, with the same bits for one thread twice and for two threads", arguments: TensorBenchmarks.all.map(\.name))
    func workloads(_ name: String) throws {
        let benchmark = try #require(TensorBenchmarks.all.first { $0.name == name })
        let before = Parallel.threads
        defer { Parallel.threads = before }
        func losses(threads: Int) throws -> [Float] {
            Parallel.threads = threads
            let step = try benchmark.step()
            return try (0..<4).map { _ in try step() }
        }
        let one = try losses(threads: 1)
        #expect(one.allSatisfy { $0.isFinite })
        #expect(one[3] < one[0], "\(name): \(one)")
        #expect(try losses(threads: 1) == one)
        #expect(try losses(threads: 2) == one)
    }

    @Test("schedules rise and fall as they say")
    func schedules() {
        #expect(Schedule.constant.factor(100) == 1)
        #expect(Schedule.step(every: 10, factor: 0.5).factor(25) == 0.25)
        #expect(Schedule.cosine(steps: 10).factor(0) == 1)
        #expect(abs(Schedule.cosine(steps: 10).factor(5) - 0.5) < 1e-15)
        #expect(abs(Schedule.cosine(steps: 10, floor: 0.1).factor(99) - 0.1) < 1e-15)
        #expect(Schedule.linearWarmup(warmup: 4, steps: 8).factor(0) == 0.25)
        #expect(Schedule.linearWarmup(warmup: 4, steps: 8).factor(6) == 0.5)
        #expect(Schedule.linearWarmup(warmup: 0, steps: 0).factor(6) == 0)
        #expect(Schedule.cosineWarmup(warmup: 2, steps: 4).factor(1) == 1)
    }
}
