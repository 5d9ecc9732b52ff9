/// What was done, with what the way back needs: tensors whose values enter the derivative, and references for inputs
/// of which only the place on the tape matters. To add an operation, add a case here and a line in `propagate`.
enum Operation<Scalar: TensorScalar> {
    /// Passed already, or never recorded.
    case released
    case watched
    case parameter(store: ParameterStore<Scalar>, index: Int)
    case unary(ElementFunction, input: NodeReference, x: Tensor<Scalar>?, y: Tensor<Scalar>?)
    case gradientScale(input: NodeReference, factor: Double)
    case add(NodeReference, NodeReference, sign: Double)
    case multiply(Tensor<Scalar>, Tensor<Scalar>)
    case divide(NodeReference, Tensor<Scalar>, quotient: Tensor<Scalar>)
    case select(first: Tensor<Scalar>, NodeReference, NodeReference)
    case broadcast(input: NodeReference)
    case sum(input: NodeReference, kept: Shape, factor: Double)
    case extremum(input: Tensor<Scalar>, output: Tensor<Scalar>, axis: Int)
    case reshape(input: NodeReference)
    case permute(input: NodeReference, order: [Int])
    case slice(input: NodeReference, axis: Int, start: Int)
    case concatenate(inputs: [NodeReference], axis: Int)
    case pad(input: NodeReference, before: [Int])
    case flip(input: NodeReference, axis: Int)
    case matmul(Tensor<Scalar>, Tensor<Scalar>, transposeA: Bool, transposeB: Bool)
    case linear(input: Tensor<Scalar>, weight: Tensor<Scalar>, bias: NodeReference?, output: Tensor<Scalar>?, ElementFunction)
    case softmax(input: NodeReference, output: Tensor<Scalar>, logarithm: Bool, mask: Tensor<Scalar>?)
    case crossEntropy(input: NodeReference, probabilities: Tensor<Scalar>, targets: [Int32], smoothing: Double)
    case dropout(input: NodeReference, rate: Double, seed: UInt64)
    case gather(input: NodeReference, indices: [Int32])
    case scatterAdd(input: NodeReference, indices: [Int32])
    case convolution(ConvolutionGeometry, input: Tensor<Scalar>, weight: Tensor<Scalar>, bias: NodeReference?, output: Tensor<Scalar>?,
                     ElementFunction)
    case transposedConvolution(ConvolutionGeometry, input: Tensor<Scalar>, weight: Tensor<Scalar>)
    case maxPool(ConvolutionGeometry, input: NodeReference, chosen: PlaceBuffer)
    case averagePool(ConvolutionGeometry, input: NodeReference, countsPadding: Bool)
    case batchNormalisation(input: Tensor<Scalar>, gamma: Tensor<Scalar>, beta: NodeReference, NormalisationRecord<Scalar>)
    case layerNormalisation(input: NodeReference, branch: BranchRecord?, xhat: Tensor<Scalar>, deviation: Tensor<Scalar>,
                            gamma: Tensor<Scalar>?, beta: NodeReference?)
    case spectral(weight: NodeReference, output: Tensor<Scalar>, left: Tensor<Scalar>, right: Tensor<Scalar>, sigma: Double)
    case recurrent(RecurrentRecord<Scalar>)
    case attention(AttentionLayout, AttentionPart<Scalar>, AttentionPart<Scalar>, AttentionPart<Scalar>, weights: Tensor<Scalar>,
                   acting: Tensor<Scalar>, packed: NodeReference?)
    case sparseProduct(SparseMatrix<Scalar>, input: NodeReference)
    case innerProducts(Tensor<Scalar>, [Int32], Tensor<Scalar>, [Int32])
    case mixRows(RowMixture<Scalar>, input: NodeReference, outer: Int, size: Int, inner: Int)
    case sample(image: Tensor<Scalar>, points: Tensor<Scalar>, clamped: Bool)
    case custom(inputs: [NodeReference], (Tensor<Scalar>) -> [Tensor<Scalar>?])
}

extension Tape {
    /// Passes the gradient of an operation's result on to its inputs.
    func propagate(_ operation: Operation<Scalar>, _ gradient: Tensor<Scalar>) {
        switch operation {
        case .released, .watched, .parameter: break
        case .unary(let function, let input, let x, let y): backwardUnary(function, input, x, y, gradient)
        case .gradientScale(let input, let factor): add(gradient, times: factor, into: input)
        case .add(let a, let b, let sign): backwardAdd(a, b, sign, gradient)
        case .multiply(let a, let b): backwardMultiply(a, b, gradient)
        case .divide(let a, let b, let quotient): backwardDivide(a, b, quotient, gradient)
        case .select(let first, let a, let b): backwardSelect(first, a, b, gradient)
        case .broadcast(let input): accumulate(gradient.summed(to: input.shape), into: input)
        case .sum(let input, let kept, let factor): backwardSum(input, kept, factor, gradient)
        case .extremum(let input, let output, let axis): backwardExtremum(input, output, axis, gradient)
        case .reshape(let input): accumulate(gradient.packed().viewed(as: input.shape), into: input)
        case .permute(let input, let order): backwardPermute(input, order, gradient)
        case .slice(let input, let axis, let start): backwardSlice(input, axis, start, gradient)
        case .concatenate(let inputs, let axis): backwardConcatenate(inputs, axis, gradient)
        case .pad(let input, let before): backwardPad(input, before, gradient)
        case .flip(let input, let axis): accumulate(gradient.flippedView(axis).packed(), into: input)
        case .matmul(let a, let b, let transposeA, let transposeB): backwardMatmul(a, b, transposeA, transposeB, gradient)
        case .linear(let input, let weight, let bias, let output, let function):
            backwardLinear(input, weight, bias, output, function, gradient)
        case .softmax(let input, let output, let logarithm, let mask): backwardSoftmax(input, output, logarithm, mask, gradient)
        case .crossEntropy(let input, let probabilities, let targets, let smoothing):
            backwardCrossEntropy(input, probabilities, targets, smoothing, gradient)
        case .dropout(let input, let rate, let seed): backwardDropout(input, rate, seed, gradient)
        case .gather(let input, let indices): backwardGather(input, indices, gradient)
        case .scatterAdd(let input, let indices): backwardScatterAdd(input, indices, gradient)
        case .convolution(let geometry, let input, let weight, let bias, let output, let function):
            backwardConvolution(geometry, input, weight, bias, output, function, gradient)
        case .transposedConvolution(let geometry, let input, let weight): backwardTransposedConvolution(geometry, input, weight, gradient)
        case .maxPool(let geometry, let input, let chosen): backwardMaxPool(geometry, input, chosen, gradient)
        case .averagePool(let geometry, let input, let countsPadding): backwardAveragePool(geometry, input, countsPadding, gradient)
        case .batchNormalisation(let input, let gamma, let beta, let record): backwardBatchNormalisation(input, gamma, beta, record, gradient)
        case .layerNormalisation(let input, let branch, let xhat, let deviation, let gamma, let beta):
            backwardLayerNormalisation(input, branch, xhat, deviation, gamma, beta, gradient)
        case .spectral(let weight, let output, let left, let right, let sigma): backwardSpectral(weight, output, left, right, sigma, gradient)
        case .recurrent(let record): backwardRecurrent(record, gradient)
        case .attention(let layout, let q, let k, let v, let weights, let acting, let packed):
            backwardAttention(layout, q, k, v, weights, acting, packed, gradient)
        case .sparseProduct(let matrix, let input): backwardSparseProduct(matrix, input, gradient)
        case .innerProducts(let a, let rows, let b, let otherRows): backwardInnerProducts(a, rows, b, otherRows, gradient)
        case .mixRows(let mixture, let input, let outer, let size, let inner): backwardMixRows(mixture, input, outer, size, inner, gradient)
        case .sample(let image, let points, let clamped): backwardSample(image, points, clamped, gradient)
        case .custom(let inputs, let derivative):
            for (input, part) in zip(inputs, derivative(gradient)) { if let part { accumulate(part, into: input) } }
        }
    }
}

extension Tensor {
    /// An operation of a method's own: `value` computed outside, with a closure that maps the gradient of the value to
    /// those of the inputs (nil where there is none).
    public static func custom(_ name: String, inputs: [Tensor], value: Tensor,
                              derivative: @escaping (Tensor) -> [Tensor?]) throws(TensorError) -> Tensor {
        let tape = try commonTape(name, inputs)
        return value.detached().recorded(on: tape, .custom(inputs: inputs.map(\.reference), derivative))
    }
}
