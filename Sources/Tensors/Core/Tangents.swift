import CKernels

extension Tape {
    /// The derivative of a recorded result along a direction (forward mode): J t, for all elements of the result in one pass.
    ///
    /// With `result` the losses of the examples of a batch and `direction` a vector t of the weights, this is the inner product of
    /// each example's gradient with t, at about the cost of two inferences; no example's gradient is ever stored:
    ///
    ///     tape.begin([model.parameters])
    ///     let losses = try model(images).crossEntropyLosses(labels)
    ///     let products = try tape.tangent(of: losses, along: [t])        // [batch]
    ///
    /// Ask before the way back, or go back with `keepingRecords: true`. A reversed gradient is reversed here too, so that the result
    /// is always that of J which `backward` transposes.
    ///
    /// - Parameters:
    ///   - directions: for each store in which the weights move its direction; the weights of other stores stand still.
    ///   - inputs: watched tensors and how they move.
    /// - Throws: `TensorError` when the result is not recorded here, a record was released, or a method's own operation (`custom`) is
    ///   on the way.
    public func tangent(of result: Tensor<Scalar>, along directions: [ParameterVector<Scalar>] = [],
                        inputs: [(tensor: Tensor<Scalar>, direction: Tensor<Scalar>)] = []) throws(TensorError) -> Tensor<Scalar> {
        try BufferPool.check("tangent", [result.shape])
        guard result.tape != nil else { return Tensor(shape: result.shape, repeating: 0) }
        guard result.tape === self, result.generation == generation else {
            throw TensorError("tangent", [result.shape], "the result was recorded by another tape or in an earlier step")
        }
        let last = Int(result.node)
        // How often each node is still read: a tangent goes when nobody will.
        var uses = [Int32](repeating: 0, count: last + 1)
        for index in 0...last { for input in operations[index].inputs where input.node >= 0 { uses[Int(input.node)] += 1 } }
        uses[last] += 1
        var tangents = [Tensor<Scalar>?](repeating: nil, count: last + 1)
        for (tensor, direction) in inputs {
            guard tensor.tape === self, tensor.generation == generation, tensor.shape == direction.shape else {
                throw TensorError("tangent", [tensor.shape, direction.shape], "an input must be watched by this tape, and its direction have its shape")
            }
            if tensor.node <= result.node { tangents[Int(tensor.node)] = direction.detached().packed() }
        }
        for index in 0...last {
            switch operations[index] {
            case .watched: break
            case .parameter(let store, let place):
                if let direction = directions.first(where: { $0.store === store }) { tangents[index] = direction.part(place) }
            case .released:
                throw TensorError("tangent", [result.shape], "the records were released by a way back; ask before it, or keep the records")
            default:
                let references = operations[index].inputs
                if references.contains(where: { $0.node >= 0 && tangents[Int($0.node)] != nil }) {
                    tangents[index] = try push(operations[index], shapes[index], Tangents(values: tangents))
                }
                for input in references where input.node >= 0 {
                    uses[Int(input.node)] -= 1
                    if uses[Int(input.node)] == 0 { tangents[Int(input.node)] = nil }
                }
            }
        }
        let tangent = tangents[last]?.packed().viewed(as: result.shape) ?? Tensor(shape: result.shape, repeating: 0)
        try BufferPool.check("tangent", [result.shape])
        return tangent
    }
}

/// The tangents of an operation's inputs; nil is zero.
struct Tangents<Scalar: TensorScalar> {
    let values: [Tensor<Scalar>?]
    subscript(_ input: NodeReference?) -> Tensor<Scalar>? { input.flatMap { $0.node >= 0 ? values[Int($0.node)] : nil } }
    subscript(_ saved: Tensor<Scalar>) -> Tensor<Scalar>? { self[saved.savedReference] }
}

extension Tensor {
    /// This value as an operation outside of any tape takes it.
    var plain: Tensor { detached() }

    /// The sum of parts that may be absent.
    static func total(_ parts: Tensor?..., shape: Shape) throws(TensorError) -> Tensor {
        var sum: Tensor?
        for part in parts { if let part { sum = try sum.map { sum throws(TensorError) in try sum + part } ?? part } }
        guard let sum else { return Tensor(shape: shape, repeating: 0) }
        return sum.shape == shape ? sum : try sum.broadcast(to: shape)
    }

    /// Elementwise self * f'(x), by the kernel of the way back: the derivative of a function of one element is its own transpose.
    func timesSlope(_ function: ElementFunction, _ x: Tensor?, _ y: Tensor?) -> Tensor {
        if function.isIdentity { return self }
        let packed = packed()
        let result = Tensor(uninitialized: shape)
        let (t, d) = (packed.pointer, result.pointer)
        let (px, py) = (x?.pointer ?? y?.pointer ?? t, y?.pointer ?? x?.pointer ?? t)
        Parallel.elements(count, cost: function.cost) { start, end in
            lathe_unary_backward(Scalar.kernelType, function.code, end - start, function.p, function.q, px + start, py + start, t + start, d + start, 0)
        }
        keepAlive(packed, x, y)
        return result
    }
}

extension Tape {
    /// The tangent of an operation's result from those of its inputs, at least one of which is there.
    private func push(_ operation: Operation<Scalar>, _ shape: Shape, _ t: Tangents<Scalar>) throws(TensorError) -> Tensor<Scalar>? {
        switch operation {
        case .released, .watched, .parameter: return nil
        case .unary(let function, let input, let x, let y): return t[input]?.timesSlope(function, x, y)
        case .gradientScale(let input, let factor): return try t[input]?.scaled(by: factor)
        case .add(let a, let b, let sign):
            return try .total(t[a], t[b].map { b throws(TensorError) in sign == 1 ? b : try b.scaled(by: sign) }, shape: shape)
        case .multiply(let a, let b):
            return try .total(t[a].map { d throws(TensorError) in try d * b.plain }, t[b].map { d throws(TensorError) in try a.plain * d }, shape: shape)
        case .divide(let a, let b, let quotient):
            let above = try Tensor.total(t[a], t[b].map { d throws(TensorError) in try -(quotient.plain * d) }, shape: shape)
            return try above / b.plain
        case .select(let first, let a, let b):
            let (da, db) = (try Tensor.total(t[a], shape: shape), try Tensor.total(t[b], shape: shape))
            return try Tensor.select(first.plain, da, db)
        case .broadcast(let input): return try t[input]?.broadcast(to: shape)
        case .sum(let input, let kept, let factor):
            guard let sum = t[input]?.summed(to: kept).packed().viewed(as: shape) else { return nil }
            return factor == 1 ? sum : try sum.scaled(by: factor)
        case .extremum(let input, let output, let axis): return t[input].map { pushExtremum(input, output, axis, $0, shape) }
        case .reshape(let input): return t[input]?.packed().viewed(as: shape)
        case .permute(let input, let order): return try t[input]?.permuted(order)
        case .slice(let input, let axis, let start): return try t[input]?.sliced(axis: axis, start..<start + shape[axis])
        case .concatenate(let inputs, let axis):
            return try .concatenated(inputs.map { t[$0] ?? Tensor(shape: $0.shape, repeating: 0) }, axis: axis)
        case .pad(let input, let before):
            return try t[input]?.padded(before.enumerated().map { (before: $1, after: shape[$0] - $1 - input.shape[$0]) })
        case .flip(let input, let axis): return t[input]?.flippedView(axis).packed()
        case .matmul(let a, let b, let transposeA, let transposeB):
            return try .total(
                t[a].map { d throws(TensorError) in try d.matmul(b.plain, transposeSelf: transposeA, transposeOther: transposeB) },
                t[b].map { d throws(TensorError) in try a.plain.matmul(d, transposeSelf: transposeA, transposeOther: transposeB) }, shape: shape)
        case .linear(let input, let weight, let bias, let output, let function):
            let sum = try Tensor.total(t[input].map { d throws(TensorError) in try d.linear(weight.plain) },
                                       t[weight].map { d throws(TensorError) in try input.plain.linear(d) }, t[bias], shape: shape)
            return sum.timesSlope(function, nil, output)
        case .softmax(let input, let output, let logarithm, let mask):
            return try t[input].map { d throws(TensorError) in try pushSoftmax(output.plain, logarithm, mask, d) }
        case .crossEntropy(let input, let probabilities, let targets, let smoothing):
            return try t[input].map { d throws(TensorError) in
                let packed = d.packed(), slope = Tensor<Scalar>(uninitialized: probabilities.shape)
                let ones = Tensor<Scalar>(shape: shape, repeating: 1)
                lathe_cross_entropy_backward(Scalar.kernelType, targets.count, probabilities.shape.last, smoothing, probabilities.pointer, targets,
                                             ones.pointer, slope.pointer, 0)
                keepAlive(ones, probabilities)
                return try (slope * packed).sum(axes: [packed.rank - 1]).packed().viewed(as: shape)
            }
        case .dropout(let input, let rate, let seed): return try t[input]?.dropout(rate: rate, seed: seed)
        case .gather(let input, let indices): return try t[input]?.gathered(indices)
        case .scatterAdd(let input, let indices): return try t[input]?.scatterAdded(indices, count: shape[0])
        case .convolution(let geometry, let input, let weight, let bias, let output, let function):
            func part(_ x: Tensor<Scalar>?, _ w: Tensor<Scalar>?) -> Tensor<Scalar>? {
                guard let x = x?.packed(), let w = w?.packed() else { return nil }
                let result = Tensor<Scalar>(uninitialized: shape)
                Convolution.forward(geometry, x.pointer, w.pointer, nil, Activation.identity.function, into: result.pointer, accumulate: false)
                keepAlive(x, w)
                return result
            }
            return try Tensor.total(part(t[input], weight.plain), part(input.plain, t[weight]), t[bias], shape: shape)
                .timesSlope(function, nil, output)
        case .transposedConvolution(let geometry, let input, let weight):
            func part(_ x: Tensor<Scalar>?, _ w: Tensor<Scalar>?) -> Tensor<Scalar>? {
                guard let x = x?.packed(), let w = w?.packed() else { return nil }
                let result = Tensor<Scalar>(uninitialized: shape)
                Convolution.backwardInput(geometry, x.pointer, w.pointer, into: result.pointer, accumulate: false)
                keepAlive(x, w)
                return result
            }
            return try .total(part(t[input], weight.plain), part(input.plain, t[weight]), shape: shape)
        case .maxPool(let geometry, let input, let chosen): return t[input].map { pushMaxPool(geometry, chosen, $0, shape) }
        case .averagePool(let geometry, let input, let countsPadding): return t[input].map { pushAveragePool(geometry, countsPadding, $0, shape) }
        case .batchNormalisation(let input, let gamma, let beta, let record):
            return try pushBatchNormalisation(input.plain, gamma.plain, record, t[input], t[gamma], t[beta])
        case .layerNormalisation(let input, let branch, let xhat, let deviation, let gamma, let beta):
            var sum = t[input]
            if let branch, let part = t[branch.branch] {
                let dropped = try part.dropout(rate: branch.rate, seed: branch.seed)
                sum = try sum.map { sum throws(TensorError) in try sum + dropped } ?? dropped
            }
            let h = xhat.plain
            let inner = try sum.map { ds throws(TensorError) in
                let centred = try ds - ds.mean(axes: [-1], keepingAxes: true)
                let change = try centred - h * (h * centred).mean(axes: [-1], keepingAxes: true)
                let scaled = try change * deviation.packed().viewed(as: shape.replacing(shape.rank - 1, with: 1))
                return try gamma.map { gamma throws(TensorError) in try scaled * gamma.plain } ?? scaled
            }
            return try .total(inner, gamma.flatMap { t[$0] }.map { d throws(TensorError) in try h * d }, t[beta], shape: shape)
        case .spectral(let input, let output, let left, let right, let sigma):
            return try t[input].map { d throws(TensorError) in
                let matrix = try d.reshaped(shape.leading, shape.last)
                let change = try left.plain.reshaped(1, shape.leading).matmul(matrix).matmul(right.plain.reshaped(shape.last, 1)).scalar
                return try (d - output.plain * Double(change)).scaled(by: 1 / sigma)
            }
        case .recurrent(let record): return try pushRecurrent(record, t)
        case .attention(let layout, let q, let k, let v, let weights, let acting, let packed):
            return try pushAttention(layout, q, k, v, weights, acting, packed, t)
        case .sparseProduct(let matrix, let input): return try t[input].map { d throws(TensorError) in try matrix.multiplied(by: d) }
        case .innerProducts(let a, let rows, let b, let otherRows):
            return try .total(t[a].map { d throws(TensorError) in try d.innerProducts(at: rows, with: b.plain, at: otherRows) },
                              t[b].map { d throws(TensorError) in try a.plain.innerProducts(at: rows, with: d, at: otherRows) }, shape: shape)
        case .mixRows(let mixture, let input, let outer, let size, let inner):
            return t[input].map { d in
                let packed = d.packed(), result = Tensor<Scalar>(uninitialized: shape)
                for index in 0..<outer {
                    mixture.apply(packed.pointer + index * size * inner, result.pointer + index * mixture.count * inner, width: inner)
                }
                keepAlive(packed)
                return result
            }
        case .sample(let image, let points, let clamped): return try pushSample(image.plain, points.plain, clamped, t[image], t[points], shape)
        case .custom: throw TensorError("tangent", [shape], "an operation of the method's own has no forward mode")
        }
    }
}
