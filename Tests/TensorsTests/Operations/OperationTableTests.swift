import CKernels
import Foundation
import Testing
import Tensors

/// Settings of the whole process (threads, kernel build) are changed here, so the suite runs one test at a time.
@Suite(.serialized) struct OperationTableTests {
    static let cases = TableEntry.cases

    @Test("the gradient agrees with central differences in double precision", arguments: cases)
    func gradient(_ operation: OperationCase) throws {
        let inputs = operation.inputs(Double.self)
        var source = RandomSource(seed: 5)
        let weights = Tensor<Double>.normal(try operation.double(inputs).shape, from: &source)
        func objective(_ x: [Tensor<Double>]) throws -> Double { try (operation.double(x) * weights).sum().scalar }

        let tape = Tape<Double>()
        tape.begin()
        let watched = inputs.map { tape.watch($0) }
        try tape.backward(from: (operation.double(watched) * weights).sum())
        let step = 1e-5
        for (place, input) in inputs.enumerated() {
            let gradient = tape.gradient(of: watched[place]).scalars
            let values = input.scalars
            // All elements of small inputs, a spread of large ones.
            for index in stride(from: 0, to: values.count, by: max(1, values.count / 60)) {
                var moved = inputs
                func at(_ delta: Double) throws -> Double {
                    var shifted = values
                    shifted[index] += delta
                    moved[place] = Tensor(shape: input.shape, shifted)
                    return try objective(moved)
                }
                let numeric = (try at(step) - at(-step)) / (2 * step)
                // The objective of a large input has more rounding error in its difference.
                let tolerance = 1e-6 * max(1, abs(numeric), Double(values.count).squareRoot() / 100)
                #expect(abs(numeric - gradient[index]) <= tolerance,
                        "\(operation) input \(place) element \(index): \(gradient[index]), by differences \(numeric)")
            }
        }
    }

    /// Value and gradients in one list.
    static func everything<Scalar: TensorScalar>(_ inputs: [Tensor<Scalar>],
                                                 _ operation: ([Tensor<Scalar>]) throws -> Tensor<Scalar>) throws -> [[Scalar]] {
        let tape = Tape<Scalar>()
        tape.begin()
        let watched = inputs.map { tape.watch($0) }
        let result = try operation(watched)
        let seed = Tensor<Scalar>(shape: result.shape, generating: { Scalar(($0 * 7) % 11) / 5 - 1 })
        try tape.backward(from: result, seed: seed)
        return [result.scalars] + watched.map { tape.gradient(of: $0).scalars }
    }

    @Test("forward mode is the transpose of the way back", arguments: cases)
    func forwardMode(_ operation: OperationCase) throws {
        let inputs = operation.inputs(Double.self)
        var source = RandomSource(seed: 6).stream(operation.description)
        let tape = Tape<Double>()
        tape.begin()
        let watched = inputs.map { tape.watch($0) }
        let result = try operation.double(watched)
        let seed = Tensor<Double>.normal(result.shape, from: &source)
        let directions = inputs.map { Tensor<Double>.normal($0.shape, from: &source) }
        func inner(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double { zip(a.scalars, b.scalars).reduce(0) { $0 + $1.0 * $1.1 } }
        // Each input by itself, so that an input whose part is missing shows, then all together.
        var parts: [Double] = []
        for (input, direction) in zip(watched, directions) {
            parts.append(inner(seed, try tape.tangent(of: result, inputs: [(input, direction)])))
        }
        let whole = inner(seed, try tape.tangent(of: result, inputs: Array(zip(watched, directions)).map { (tensor: $0.0, direction: $0.1) }))
        try tape.backward(from: result, seed: seed)
        let expected = zip(watched, directions).map { inner(tape.gradient(of: $0), $1) }
        let size = expected.reduce(1) { $0 + abs($1) }
        for (place, pair) in zip(parts, expected).enumerated() {
            #expect(abs(pair.0 - pair.1) < 1e-10 * size, "\(operation) input \(place): \(pair.0), by the way back \(pair.1)")
        }
        #expect(abs(whole - expected.reduce(0, +)) < 1e-10 * size)
    }

    @Test("one and two threads give the same bits", arguments: cases)
    func threads(_ operation: OperationCase) throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        Parallel.threads = 1
        let one = try Self.everything(operation.inputs(Float.self), operation.single)
        Parallel.threads = 2
        #expect(try Self.everything(operation.inputs(Float.self), operation.single) == one)
    }

    @Test("every build of the kernels agrees in both precisions with the plain build in double", arguments: cases)
    func builds(_ operation: OperationCase) throws {
        let before = lathe_variant_current()
        defer { _ = lathe_variant_select(before) }
        #expect(lathe_variant_select(0) == 0)
        let plain = try Self.everything(operation.inputs(Double.self), operation.double)
        for build in 0..<lathe_variant_count() {
            #expect(lathe_variant_select(build) == 0)
            let name = String(cString: lathe_variant_name(build))
            func worst(_ lists: [[Double]]) -> Double {
                zip(lists, plain).reduce(0) { worst, pair in
                    guard pair.0.count == pair.1.count else { return .infinity }
                    let size = pair.1.reduce(1) { max($0, abs($1)) }
                    return zip(pair.0, pair.1).reduce(worst) {
                        let difference = abs($1.0 - $1.1) / size
                        return difference <= .infinity ? max($0, difference) : .infinity
                    }
                }
            }
            #expect(worst(try Self.everything(operation.inputs(Double.self), operation.double)) < 1e-12, "\(operation), \(name), double")
            let single = try Self.everything(operation.inputs(Float.self), operation.single)
            #expect(worst(single.map { $0.map { Double($0) } }) < 2e-5, "\(operation), \(name), single")
        }
    }
}
