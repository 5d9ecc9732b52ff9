import Layers
import Tensors

extension Benchmark {
    /// The training steps of the tensor core: forward, backward and update, as the reference in PyTorch does them.
    static let training: [Benchmark] = TensorBenchmarks.all.map { workload in
        Benchmark(name: workload.name) { options in
            let step = try workload.step()
            for _ in 0..<5 { _ = try step() }
            var times: [Double] = []
            let end = ContinuousClock.now + .seconds(options.seconds)
            while ContinuousClock.now < end || times.count < 5 { times.append(try Measurement.time { _ = try step() }) }
            return Measurement(milliseconds: times)
        }
    }
}
