import CKernels

/// The gradient of each example's loss by itself, from one way back.
public struct ExampleGradients<Scalar: TensorScalar> {
    /// How many examples there are.
    public let count: Int
    let parts: [ObjectIdentifier: [Int: Tensor<Scalar>]]

    /// [examples, ..shape of the parameter]; zeros when the losses do not depend on it.
    public subscript(parameter: Parameter<Scalar>) -> Tensor<Scalar> {
        if let part = parts[ObjectIdentifier(parameter.store)]?[parameter.index] { return part }
        return Tensor(shape: Shape([count] + parameter.shape.dimensions), repeating: 0)
    }

    /// The inner product of each example's gradient with a direction, over all parameters of its store. When only these are wanted,
    /// `Tape.tangent` gives them without the gradients.
    public func products(with direction: ParameterVector<Scalar>) -> [Double] {
        var sums = [Double](repeating: 0, count: count)
        for (index, part) in parts[ObjectIdentifier(direction.store)] ?? [:] {
            let other = direction.part(index)
            for example in 0..<count {
                var product = 0.0
                lathe_dot(Scalar.kernelType, other.count, part.pointer + example * other.count, other.pointer, &product)
                sums[example] += product
            }
            keepAlive(part, other)
        }
        return sums
    }
}

/// Where gradients go while each example's is taken by itself.
final class ExampleCollector<Scalar: TensorScalar> {
    let count: Int
    /// For each parameter, by its node: [examples, ..shape].
    private(set) var parts: [Int: Tensor<Scalar>] = [:]
    /// The example whose part is being computed; nil between them, when parameters take nothing.
    var example: Int?

    init(count: Int) { self.count = count }

    /// While one example's parts for the parameters are computed, the other inputs take nothing: they had theirs.
    var isOnlyForParameters: Bool { example != nil }

    /// The zeros, or what was added to them, of a parameter.
    /// - Throws: `TensorError` when it is larger than all memory.
    func part(_ node: Int, _ shape: Shape) throws(TensorError) -> Tensor<Scalar> {
        if let part = parts[node] { return part }
        let all = Shape([count] + shape.dimensions)
        try BufferPool.check("gradientsPerExample", all, of: Scalar.self)
        let part = Tensor<Scalar>(shape: all, repeating: 0)
        parts[node] = part
        return part
    }

    /// As `Tape.target`, for the parameter at `node`.
    func target(_ node: Int) -> (pointer: UnsafeMutablePointer<Scalar>, accumulate: Bool)? {
        guard let example, let part = parts[node] else { return nil }
        return (part.pointer + example * (part.count / max(1, count)), true)
    }
}

/// How a recorded result lies with respect to the examples of a batch.
private enum ExampleOrder {
    /// Made of parameters and constants only.
    case ofParameters
    /// Example i is the i-th of equal blocks, in row-major order.
    case byExample
    /// Examples are mixed, or not in their order.
    case mixed
}

extension Tape {
    /// The gradient of each example's loss with respect to the parameters of the stores that are recorded, from one way back: what
    /// an operation's way back sums over the batch is kept apart instead.
    ///
    ///     tape.begin([model.parameters])
    ///     let losses = try model(images).crossEntropyLosses(labels)
    ///     let gradients = try tape.gradientsPerExample(of: losses)
    ///     let g = gradients[layer.weight]                     // [batch, inputs, outputs]
    ///
    /// Memory: examples times parameters. Inner products with a direction cost less by `tangent(of:along:)`. The gradients in the
    /// stores stay as they are; the records are kept.
    ///
    /// - Parameter losses: [examples]; every operation between the parameters and them must keep the examples apart, in their order
    ///   along the first axis. Batch statistics do not: use normalisation with running statistics.
    /// - Throws: `TensorError` when an operation mixes examples, or parameters are combined among themselves before they meet data
    ///   (spectral normalisation); name the operation's shape.
    public func gradientsPerExample(of losses: Tensor<Scalar>) throws(TensorError) -> ExampleGradients<Scalar> {
        try BufferPool.check("gradientsPerExample", [losses.shape])
        guard losses.rank == 1, losses.tape === self, losses.generation == generation else {
            throw TensorError("gradientsPerExample", [losses.shape], "the losses must be one number an example, recorded in this step")
        }
        let count = losses.shape[0], last = Int(losses.node)
        let orders = exampleOrders(count, last)
        guard orders[last] == .byExample else {
            throw TensorError("gradientsPerExample", [losses.shape], "the losses mix the examples or depend on no data")
        }
        let collector = ExampleCollector<Scalar>(count: count)
        examples = collector
        defer {
            examples = nil
            for index in gradients.indices { gradients[index] = nil }
        }
        for index in gradients.indices { gradients[index] = nil }
        gradients[last] = Tensor(shape: losses.shape, repeating: 1)
        for index in stride(from: last, through: 0, by: -1) {
            guard let gradient = gradients[index] else { continue }
            gradients[index] = nil
            let operation = operations[index]
            if case .watched = operation { continue }
            if case .parameter = operation { continue }
            guard orders[index] == .byExample else {
                throw TensorError("gradientsPerExample", [shapes[index]], orders[index] == .mixed
                    ? "an operation with a result of this shape mixes the examples"
                    : "an operation with a result of this shape combines parameters before they meet the data")
            }
            try collect(operation, gradient, collector)
            propagate(operation, gradient)
            try BufferPool.check("gradientsPerExample", [losses.shape])
        }
        var parts: [ObjectIdentifier: [Int: Tensor<Scalar>]] = [:]
        for (node, part) in collector.parts {
            if case .parameter(let store, let index) = operations[node] { parts[ObjectIdentifier(store), default: [:]][index] = part }
        }
        return ExampleGradients(count: count, parts: parts)
    }

    /// For each node how its elements lie with respect to the examples.
    private func exampleOrders(_ count: Int, _ last: Int) -> [ExampleOrder] {
        var orders = [ExampleOrder](repeating: .byExample, count: last + 1)
        for index in 0...last {
            let operation = operations[index], shape = shapes[index]
            let inputs = operation.inputs
            func order(_ input: NodeReference) -> ExampleOrder? { input.node >= 0 ? orders[Int(input.node)] : nil }
            let recorded = inputs.compactMap(order)
            let isDivided = shape.rank >= 1 && count > 0 && shape[0] % count == 0
            switch operation {
            case .parameter: orders[index] = .ofParameters
            case .watched: orders[index] = isDivided ? .byExample : .mixed
            default:
                guard !recorded.contains(.mixed) else { orders[index] = .mixed; continue }
                guard recorded.contains(.byExample) else {
                    // Parameters alone, unless the operation takes data that nobody watches as its first input.
                    switch operation {
                    case .linear, .convolution, .transposedConvolution, .matmul, .batchNormalisation, .recurrent:
                        let meetsData = inputs.first.map { $0.node < 0 && $0.shape.rank >= 1 && $0.shape[0] == shape[0] } ?? false
                        orders[index] = meetsData && isDivided ? kept(operation, shape, count) : .ofParameters
                    case .gather(_, let indices): orders[index] = indices.count == shape[0] && isDivided ? .byExample : .mixed
                    case .sparseProduct: orders[index] = isDivided ? .byExample : .mixed
                    default: orders[index] = .ofParameters
                    }
                    continue
                }
                orders[index] = isDivided ? kept(operation, shape, count) : .mixed
            }
        }
        return orders
    }

    /// Whether an operation with an input that lies by example has a result that does.
    private func kept(_ operation: Operation<Scalar>, _ shape: Shape, _ count: Int) -> ExampleOrder {
        switch operation {
        case .gather, .scatterAdd, .sparseProduct, .recurrent, .innerProducts, .custom, .spectral: return .mixed
        case .batchNormalisation(_, _, _, let record): return record.isTraining ? .mixed : .byExample
        case .permute(_, let order): return order.first == 0 ? .byExample : .mixed
        case .slice(let input, let axis, _): return axis != 0 || input.shape[0] == shape[0] ? .byExample : .mixed
        case .concatenate(let inputs, let axis): return axis != 0 || inputs.count == 1 ? .byExample : .mixed
        case .pad(let input, _): return input.shape[0] == shape[0] ? .byExample : .mixed
        case .flip(_, let axis): return axis != 0 ? .byExample : .mixed
        case .extremum(_, _, let axis): return axis != 0 ? .byExample : .mixed
        case .sum(let input, let kept, _): return input.shape[0] == kept[0] ? .byExample : .mixed
        case .softmax(let input, _, _, _): return input.shape.rank >= 2 ? .byExample : .mixed
        case .layerNormalisation(let input, _, _, _, _, _): return input.shape.rank >= 2 ? .byExample : .mixed
        case .matmul(let a, let b, let transposeA, _):
            // Rows of a plain product, or a batch of products.
            let isBatch = a.rank > 2 && b.rank > 2
            return isBatch || (!transposeA && b.node < 0) || (!transposeA && b.rank == 2 && isOfParameters(b.node)) || (a.rank > 2 && b.rank == 2)
                ? .byExample : .mixed
        case .linear(_, let weight, _, _, _): return weight.node < 0 || isOfParameters(weight.node) ? .byExample : .mixed
        case .add(let a, let b, _): return aligned([a, b], shape)
        case .select(_, let a, let b): return aligned([a, b], shape)
        case .multiply(let a, let b): return aligned([a.savedReference, b.savedReference], shape)
        case .divide(let a, let b, _): return aligned([a, b.savedReference], shape)
        case .broadcast(let input): return aligned([input], shape)
        default: return .byExample
        }
    }

    /// The parameter that a node is, or is another shape of.
    func parameterLeaf(_ node: Int32) -> Int? {
        var node = node
        while node >= 0 {
            switch operations[Int(node)] {
            case .parameter: return Int(node)
            case .reshape(let input): node = input.node
            default: return nil
            }
        }
        return nil
    }

    private func isOfParameters(_ node: Int32) -> Bool { parameterLeaf(node) != nil }

    /// Inputs by example keep their order under broadcasting when their first axis is that of the result.
    private func aligned(_ inputs: [NodeReference], _ shape: Shape) -> ExampleOrder {
        inputs.allSatisfy { $0.node < 0 || isOfParameters($0.node) || ($0.shape.rank == shape.rank && $0.shape[0] == shape[0]) } ? .byExample : .mixed
    }

    /// Adds the parts of the parameters that an operation takes, example by example.
    private func collect(_ operation: Operation<Scalar>, _ gradient: Tensor<Scalar>, _ collector: ExampleCollector<Scalar>) throws(TensorError) {
        let parameters = operation.inputs.compactMap { parameterLeaf($0.node) }
        guard !parameters.isEmpty else { return }
        let count = collector.count
        for parameter in parameters { _ = try collector.part(parameter, shapes[parameter]) }
        /// The parameter's gradients, when the input is one.
        func part(_ input: NodeReference?) -> Tensor<Scalar>? { input.flatMap { parameterLeaf($0.node) }.flatMap { collector.parts[$0] } }
        let packed = gradient.packed()
        let rows = packed.shape[0] / max(1, count), block = packed.count / max(1, count)
        switch operation {
        case .linear(let input, let weight, let bias, let output, let function):
            let g = throughActivation(function, output, packed)
            let (n, k) = (g.shape.last, input.shape.last)
            let all = g.shape.leading / max(1, count)
            if let part = part(weight.savedReference) {
                let (x, dy) = (MatrixView(UnsafePointer(input.pointer), row: 1, column: k), MatrixView(UnsafePointer(g.pointer), row: n))
                Product.multiplyEach(count, k, n, all, x, all * k, dy, all * n, into: part.pointer, accumulate: true)
            }
            if let part = part(bias) { addColumnSums(g, all, into: part) }
            keepAlive(g, input)
        case .convolution(let geometry, let input, let weight, let bias, let output, let function) where rows == 1:
            let g = throughActivation(function, output, packed)
            if let part = part(weight.savedReference) {
                let single = geometry.withBatch(1)
                Parallel.split(count, grain: 1) { first, last in
                    for image in first..<last {
                        Convolution.backwardWeight(single, input.pointer + image * geometry.inputImage, g.pointer + image * geometry.outputImage,
                                                   into: part.pointer + image * weight.count, accumulate: true)
                    }
                }
            }
            if let part = part(bias) { addColumnSums(g, block / max(1, g.shape.last), into: part) }
            keepAlive(g, input)
        case .add(let a, let b, let sign) where [a, b].allSatisfy({ $0.shape.rank < packed.rank || part($0) == nil }):
            // A bias: what is repeated along the first axis.
            for (input, factor) in [(a, 1), (b, sign)] {
                guard let part = part(input) else { continue }
                for example in 0..<count {
                    let sum = try packed.sliced(example * rows..<(example + 1) * rows).summed(to: input.shape)
                    lathe_axpby(Scalar.kernelType, sum.count, factor, sum.pointer, 1, part.pointer + example * sum.count)
                    keepAlive(sum)
                }
            }
        case .batchNormalisation(let input, let gamma, let beta, let record):
            let x = input.plain
            let argument = try x * record.scale.plain + record.shift.plain
            let g = record.function.isIdentity ? packed
                : packed.timesSlope(record.function, argument, try argument.mapped("batchNormalised", record.function))
            if let part = part(beta) { addColumnSums(g, block / max(1, g.shape.last), into: part) }
            if let part = part(gamma.savedReference) {
                let inverse = Tensor<Scalar>(shape: gamma.shape, record.inverseDeviation.map { Scalar($0) })
                addColumnSums(try g * (x - record.mean.plain) * inverse, block / max(1, g.shape.last), into: part)
            }
        default:
            // The operation's own way back, with the other examples' gradient set to zero.
            defer { collector.example = nil }
            for example in 0..<count {
                let only = Tensor<Scalar>(shape: packed.shape, repeating: 0)
                (only.pointer + example * block).update(from: packed.pointer + example * block, count: block)
                collector.example = example
                propagate(operation, only)
            }
        }
        keepAlive(packed)
    }

    /// Adds the sums over each example's rows, of which there are `rows`.
    private func addColumnSums(_ g: Tensor<Scalar>, _ rows: Int, into part: Tensor<Scalar>) {
        let columns = g.shape.last
        for example in 0..<part.shape[0] {
            lathe_column_sums(Scalar.kernelType, rows, columns, columns, 1, g.pointer + example * rows * columns, part.pointer + example * columns, 1)
        }
    }
}
