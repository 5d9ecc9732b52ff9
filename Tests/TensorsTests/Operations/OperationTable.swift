import Tensors

/// Every operation by name. A case is a line in `shapes` and a line in `apply`.
enum TableEntry: String, CaseIterable, AnyPrecision {
    case add, addRow, addColumn, addScalarTensor, addMiddle, subtract, subtractBroadcast, multiply, multiplyRow, multiplyColumn
    case divide, divideRow, maximum, minimum, select
    case relu, relu6, leakyReLU, gelu, tanh, sigmoid, softplus, silu, elu, exp, log, squareRoot, squared, reciprocal, absolute
    case sine, cosine, power, clamped, scaled, huber
    case sumAll, sumFirst, sumLast, sumMiddle, sumTwo, mean, meanKept, variance, maximumAxis, minimumAxis, largeColumnSum
    case reshaped, permuted, transposed, sliced, selected, concatenated, stacked, split, padded, flipped, rolled, broadcast
    case matmul, matmulTN, matmulNT, matmulTT, matmulBatch, matmulBatchShared, matmulSharedFirst, matmulBatchTN, matmulBatchNT
    case matmulOfView, matmulLarge, linear, linearReLU, linearGELU, linearTanhRank3
    case softmax, softmaxMask, logSoftmax, logSoftmaxMask, crossEntropy, crossEntropySmoothed, crossEntropyMissing
    case crossEntropyDistribution, meanSquaredError, meanAbsoluteError, huberLoss, binaryCrossEntropy, klDivergence
    case hinge, squaredHinge, cosineSimilarity, dropout, gathered, scatterAdded, picked, sharedUse
    case conv1x1, conv3x3, conv3x3Same, conv5x5Stride2Same, convSymmetricStride2, convDilated, convGroups, convBiasReLU, convWide
    case convRGB, depthwise3x3, depthwise5x5Stride2, depthwiseWide, conv1d, conv1dCausal, transposedConv, transposedConvGroups
    case convLeavesPixels, maxPool, maxPoolOverlap, averagePool, averagePoolImageOnly, globalAveragePool, largeElementwise, largeRows
    case batchNorm, batchNormReLU, batchNormInference, batchNormImages, layerNorm, layerNormPlain, layerNormAdding, groupNorm, instanceNorm
    case gru, gruStateLengths, lstm, lstmStateLengths, attention, attentionMask, attentionDropout, attentionShared, selfAttention
    case selfAttentionMask, sparseProduct, segmentSoftmax, segmentMean, resizedUp, resizedDown, resizedNearest, resizedSequence
    case affineSampled, clampedSampled, spectral, weightNorm, largeRecurrent, largeAttention
    case innerProducts, innerProductsShared, largeInnerProducts
    case convWinograd, convWinogradEdges
    case conv1dGroups, transposedConv1d, maxPool1d, averagePool1d

    var shapes: [Shape] {
        switch self {
        case .add, .subtract, .multiply, .maximum, .minimum: [[3, 4], [3, 4]]
        case .divide: [[3, 4], [3, 4]]
        case .addRow, .multiplyRow, .divideRow: [[2, 3, 5], [5]]
        case .addColumn, .multiplyColumn: [[3, 4], [3, 1]]
        case .addScalarTensor: [[3, 4], []]
        case .addMiddle: [[2, 3, 4, 5], [2, 1, 4, 1]]
        case .subtractBroadcast: [[4, 1], [3, 1, 5]]
        case .select: [[3, 4], [3, 4], [4]]
        case .sumAll, .sumFirst, .sumLast, .sumMiddle, .sumTwo, .mean, .meanKept, .variance, .maximumAxis, .minimumAxis: [[3, 4, 5]]
        case .largeColumnSum: [[1200, 33]]
        case .reshaped, .permuted, .transposed, .sliced, .selected, .padded, .flipped, .rolled: [[3, 4, 5]]
        case .broadcast: [[4, 1]]
        case .split: [[3, 6]]
        case .concatenated: [[2, 3], [2, 5], [2, 1]]
        case .stacked: [[2, 3], [2, 3]]
        case .innerProducts: [[4, 5], [6, 5]]
        case .convWinograd: [[3, 8, 12, 16], [3, 3, 16, 32]]
        case .convWinogradEdges: [[9, 7, 10, 32], [3, 3, 32, 48], [48]]
        case .conv1dGroups: [[2, 9, 4], [3, 2, 6]]
        case .transposedConv1d: [[2, 5, 4], [3, 3, 4], [6]]
        case .maxPool1d, .averagePool1d: [[2, 9, 3]]
        case .innerProductsShared: [[4, 37]]
        case .largeInnerProducts: [[40, 100], [50, 100]]
        case .matmul: [[5, 7], [7, 3]]
        case .matmulTN: [[7, 5], [7, 3]]
        case .matmulNT: [[5, 7], [3, 7]]
        case .matmulTT: [[7, 5], [3, 7]]
        case .matmulBatch: [[2, 3, 4, 5], [2, 3, 5, 6]]
        case .matmulBatchShared: [[3, 4, 5], [5, 6]]
        case .matmulSharedFirst: [[4, 5], [3, 5, 6]]
        case .matmulBatchTN: [[3, 5, 4], [3, 5, 6]]
        case .matmulBatchNT: [[3, 4, 5], [3, 6, 5]]
        case .matmulOfView: [[4, 3, 5], [3, 2, 5]]
        case .matmulLarge: [[70, 90], [90, 130]]
        case .linear, .linearReLU, .linearGELU: [[4, 5], [5, 6], [6]]
        case .linearTanhRank3: [[2, 3, 5], [5, 6], [6]]
        case .crossEntropyDistribution, .meanSquaredError, .meanAbsoluteError, .huberLoss, .binaryCrossEntropy, .klDivergence,
             .hinge, .squaredHinge, .cosineSimilarity: [[4, 6], [4, 6]]
        case .softmax, .softmaxMask, .logSoftmax, .logSoftmaxMask, .crossEntropy, .crossEntropySmoothed, .crossEntropyMissing: [[4, 19]]
        case .gathered: [[6, 3]]
        case .scatterAdded: [[5, 3]]
        case .picked: [[3, 4]]
        case .sharedUse: [[3, 3]]
        case .conv1x1: [[2, 3, 4, 5], [1, 1, 5, 6]]
        case .conv3x3, .conv3x3Same: [[2, 7, 14, 3], [3, 3, 3, 4]]
        case .conv5x5Stride2Same: [[2, 8, 9, 2], [5, 5, 2, 3]]
        case .convSymmetricStride2: [[3, 8, 9, 4], [3, 3, 4, 5]]
        case .convLeavesPixels: [[2, 8, 8, 2], [1, 1, 2, 3]]
        case .convDilated: [[2, 9, 9, 3], [3, 3, 3, 2]]
        case .convGroups: [[2, 6, 6, 4], [3, 3, 2, 6]]
        case .convBiasReLU: [[2, 5, 5, 3], [3, 3, 3, 4], [4]]
        case .convWide: [[2, 4, 17, 16], [3, 3, 16, 40]]
        case .convRGB: [[9, 8, 8, 3], [3, 3, 3, 16]]
        case .depthwise3x3: [[2, 6, 7, 5], [3, 3, 1, 5], [5]]
        case .depthwise5x5Stride2: [[2, 8, 8, 6], [5, 5, 1, 6]]
        case .depthwiseWide: [[2, 5, 6, 35], [3, 3, 1, 35]]
        case .conv1d: [[2, 9, 3], [3, 3, 4], [4]]
        case .conv1dCausal: [[2, 9, 3], [3, 3, 4]]
        case .transposedConv: [[2, 4, 5, 3], [3, 3, 4, 3], [4]]
        case .transposedConvGroups: [[2, 4, 4, 4], [3, 3, 3, 4]]
        case .maxPool, .averagePool, .averagePoolImageOnly, .maxPoolOverlap: [[2, 7, 6, 3]]
        case .globalAveragePool: [[2, 7, 6, 3]]
        case .largeElementwise: [[130, 1050], [1050]]
        case .batchNorm, .batchNormReLU, .batchNormInference: [[7, 5], [5], [5]]
        case .batchNormImages: [[4, 20, 20, 19], [19], [19]]
        case .layerNorm: [[4, 21], [21], [21]]
        case .layerNormPlain: [[4, 21]]
        case .layerNormAdding: [[4, 21], [4, 21], [21], [21]]
        case .groupNorm: [[2, 3, 2, 6], [6], [6]]
        case .instanceNorm: [[2, 5, 3]]
        case .gru: [[3, 4, 2], [2, 9], [3, 9], [9], [9]]
        case .gruStateLengths: [[3, 4, 2], [2, 9], [3, 9], [9], [9], [3, 3]]
        case .lstm: [[3, 4, 2], [2, 12], [3, 12], [12], [12]]
        case .lstmStateLengths: [[3, 4, 2], [2, 12], [3, 12], [12], [12], [3, 3], [3, 3]]
        case .attention, .attentionDropout: [[2, 3, 4], [2, 5, 4], [2, 5, 6]]
        case .attentionMask: [[2, 3, 4], [2, 5, 4], [2, 5, 4]]
        case .attentionShared: [[2, 3, 4]]
        case .selfAttention, .selfAttentionMask: [[2, 3, 12]]
        case .sparseProduct: [[5, 3]]
        case .segmentSoftmax, .segmentMean: [[6, 2]]
        case .resizedUp, .resizedDown, .resizedNearest: [[2, 4, 5, 3]]
        case .resizedSequence: [[2, 5, 3]]
        case .affineSampled, .clampedSampled: [[2, 5, 6, 2], [2, 2, 3]]
        case .spectral: [[2, 3, 4]]
        case .weightNorm: [[2, 3, 4], [4]]
        case .largeRecurrent: [[20, 6, 40], [40, 192], [64, 192], [192], [192]]
        case .largeAttention: [[6, 40, 192]]
        case .largeRows: [[600, 150]]
        default: [[5, 37]]
        }
    }

    /// The range of the inputs, where the operation is smooth or only kinks at isolated places.
    var range: ClosedRange<Double> {
        switch self {
        case .largeRecurrent: -0.4...0.4
        case .log, .squareRoot, .reciprocal, .divide, .divideRow, .power, .crossEntropyDistribution, .klDivergence: 0.3...3
        default: -2...2
        }
    }

    func callAsFunction<Scalar: TensorScalar>(_ x: [Tensor<Scalar>]) throws -> Tensor<Scalar> {
        switch self {
        case .add, .addRow, .addColumn, .addScalarTensor, .addMiddle: try x[0] + x[1]
        case .subtract, .subtractBroadcast: try x[0] - x[1]
        case .multiply, .multiplyRow, .multiplyColumn: try x[0] * x[1]
        case .divide, .divideRow: try x[0] / x[1]
        case .maximum: try Tensor.maximum(x[0], x[1])
        case .minimum: try Tensor.minimum(x[0], x[1])
        case .select: try Tensor.select(Tensor.isGreater(x[0].detached(), Tensor(0)), x[1], x[2])
        case .relu: try x[0].relu()
        case .relu6: try (x[0] * 5).relu6()
        case .leakyReLU: try x[0].leakyReLU(slope: 0.2)
        case .gelu: try x[0].gelu()
        case .tanh: try x[0].tanh()
        case .sigmoid: try x[0].sigmoid()
        case .softplus: try x[0].softplus()
        case .silu: try x[0].silu()
        case .elu: try x[0].activated(.elu(alpha: 0.7))
        case .exp: try x[0].exp()
        case .log: try x[0].log()
        case .squareRoot: try x[0].squareRoot()
        case .squared: try x[0].squared()
        case .reciprocal: try x[0].reciprocal()
        case .absolute: try x[0].absolute()
        case .sine: try x[0].sine()
        case .cosine: try x[0].cosine()
        case .power: try x[0].power(2.5)
        case .clamped: try x[0].clamped(-0.8, 1.1)
        case .scaled: try 3 - (2 * x[0] + 1) / 4
        case .huber: try x[0].huber(delta: 0.7)
        case .sumAll: try x[0].sum()
        case .sumFirst: try x[0].sum(axes: [0])
        case .sumLast: try x[0].sum(axes: [-1], keepingAxes: true)
        case .sumMiddle: try x[0].sum(axes: [1])
        case .sumTwo: try x[0].sum(axes: [0, 2])
        case .mean: try x[0].mean()
        case .meanKept: try x[0].mean(axes: [1, 2], keepingAxes: true)
        case .variance: try x[0].variance(axes: [0, 1])
        case .maximumAxis: try x[0].maximum(axis: 1)
        case .minimumAxis: try x[0].minimum(axis: -1, keepingAxis: true)
        case .largeColumnSum: try x[0].sum(axes: [0])
        case .reshaped: try x[0].reshaped(4, -1) * x[0].reshaped(4, 15)
        case .permuted: try x[0].permuted([2, 0, 1]).squared()
        case .transposed: try x[0].transposed().exp()
        case .sliced: try x[0].sliced(axis: 1, 1..<3).squared() + x[0].sliced(axis: 1, 2..<4)
        case .selected: try x[0].selected(axis: 1, 2) * x[0].selected(axis: 1, 0)
        case .concatenated: try Tensor.concatenated(x, axis: 1).squared()
        case .stacked: try Tensor.stacked(x, axis: 1).squared()
        case .split: try x[0].split(into: 3).reduce(Tensor(0)) { try $0 * 2 + $1.squared() }
        case .padded: try x[0].padded([(1, 0), (0, 2), (1, 1)], with: 3).squared()
        case .flipped: try x[0].flipped(axis: 1) * x[0]
        case .rolled: try x[0].rolled(axis: 2, by: -2) * x[0]
        case .broadcast: try x[0].broadcast(to: [3, 4, 5]).squared()
        case .matmul, .matmulBatch, .matmulBatchShared, .matmulSharedFirst, .matmulLarge: try x[0].matmul(x[1])
        case .matmulTN, .matmulBatchTN: try x[0].matmul(x[1], transposeSelf: true)
        case .matmulNT, .matmulBatchNT: try x[0].matmul(x[1], transposeOther: true)
        case .matmulTT: try x[0].matmul(x[1], transposeSelf: true, transposeOther: true)
        case .matmulOfView: try x[0].permuted([1, 0, 2]).matmul(x[1].transposed())
        case .linear: try x[0].linear(x[1], bias: x[2])
        case .linearReLU: try x[0].linear(x[1], bias: x[2], activation: .relu)
        case .linearGELU: try x[0].linear(x[1], bias: x[2], activation: .gelu)
        case .linearTanhRank3: try x[0].linear(x[1], bias: x[2], activation: .tanh)
        case .softmax: try x[0].softmax()
        case .softmaxMask: try x[0].softmax(mask: Tensor(shape: [19], generating: { $0 % 3 == 0 ? 0 : 1 }))
        case .logSoftmax: try x[0].logSoftmax()
        case .logSoftmaxMask: try x[0].logSoftmax(mask: Tensor(shape: [4, 1], generating: { $0 == 2 ? 0 : 1 }))
        case .crossEntropy: try x[0].crossEntropy([3, 0, 18, 7])
        case .crossEntropySmoothed: try x[0].crossEntropy([3, 0, 18, 7], smoothing: 0.1, reduction: .sum)
        case .crossEntropyMissing: try x[0].crossEntropy([3, -1, 18, -1])
        case .crossEntropyDistribution: try x[0].crossEntropy(distribution: x[1])
        case .meanSquaredError: try x[0].meanSquaredError(x[1])
        case .meanAbsoluteError: try x[0].meanAbsoluteError(x[1])
        case .huberLoss: try x[0].huberLoss(x[1], delta: 0.8)
        case .binaryCrossEntropy: try x[0].binaryCrossEntropy(x[1].sigmoid())
        case .klDivergence: try x[0].logSoftmax().klDivergence(from: x[1].softmax())
        case .hinge: try x[0].hingeLoss(x[1])
        case .squaredHinge: try x[0].hingeLoss(x[1], margin: 0.5, squared: true)
        case .cosineSimilarity: try x[0].cosineSimilarity(x[1])
        case .dropout: try x[0].dropout(rate: 0.4, seed: 0x1234_5678_9abc_def0)
        case .gathered: try x[0].gathered([4, 0, 4, 2])
        case .scatterAdded: try x[0].scatterAdded([1, 0, 1, 3, 1], count: 4)
        case .picked: try x[0].picked([3, 0, 2])
        case .sharedUse: try (x[0] + x[0]) * x[0].matmul(x[0]) - x[0].transposed()
        case .conv1x1: try x[0].conv2d(x[1])
        case .conv3x3: try x[0].conv2d(x[1])
        case .conv3x3Same, .convRGB: try x[0].conv2d(x[1], .init(padding: .sameTorch))
        case .conv5x5Stride2Same: try x[0].conv2d(x[1], .init(stride: 2, padding: .same))
        case .convSymmetricStride2: try x[0].conv2d(x[1], .init(stride: 2, padding: .symmetric(1)))
        case .convLeavesPixels: try x[0].conv2d(x[1], .init(stride: 2))
        case .convDilated: try x[0].conv2d(x[1], .init(padding: .symmetric(2), dilation: 2))
        case .convGroups: try x[0].conv2d(x[1], .init(padding: .symmetric(1), groups: 2))
        case .convBiasReLU: try x[0].conv2d(x[1], bias: x[2], .init(padding: .same), activation: .relu)
        case .convWide: try x[0].conv2d(x[1], .init(padding: .symmetric(1)))
        case .depthwise3x3: try x[0].conv2d(x[1], bias: x[2], .init(padding: .same, groups: 5), activation: .relu6)
        case .depthwise5x5Stride2: try x[0].conv2d(x[1], .init(stride: 2, padding: .same, groups: 6))
        case .depthwiseWide: try x[0].conv2d(x[1], .init(padding: .same, groups: 35))
        case .conv1d: try x[0].conv1d(x[1], bias: x[2], stride: 2, padding: .symmetric(1), activation: .gelu)
        case .conv1dCausal: try x[0].conv1d(x[1], padding: .explicit(top: 0, bottom: 0, left: 4, right: 0), dilation: 2)
        case .transposedConv: try x[0].transposedConv2d(x[1], bias: x[2], stride: 2, padding: 1, outputPadding: 1)
        case .transposedConvGroups: try x[0].transposedConv2d(x[1], stride: 2, groups: 2)
        case .maxPool: try x[0].maxPool2d(size: 2)
        case .maxPoolOverlap: try x[0].maxPool2d(size: 3, stride: 2, padding: .symmetric(1))
        case .averagePool: try x[0].averagePool2d(size: 3, stride: 2, padding: .symmetric(1))
        case .averagePoolImageOnly: try x[0].averagePool2d(size: 3, stride: 2, padding: .same, countsPadding: false)
        case .globalAveragePool: try x[0].globalAveragePool()
        case .batchNorm, .batchNormImages: try Self.batchNorm(x, isTraining: true)
        case .batchNormReLU: try Self.batchNorm(x, isTraining: true, .relu)
        case .batchNormInference: try Self.batchNorm(x, isTraining: false, .gelu)
        case .layerNorm: try x[0].layerNormalised(gamma: x[1], beta: x[2])
        case .layerNormPlain: try x[0].layerNormalised()
        case .layerNormAdding: try x[0].layerNormalised(adding: x[1], dropoutRate: 0.3, seed: 9, gamma: x[2], beta: x[3])
        case .groupNorm: try x[0].groupNormalised(groups: 3, gamma: x[1], beta: x[2])
        case .instanceNorm: try x[0].groupNormalised(groups: 3)
        case .gru, .largeRecurrent: try x[0].gru(.init(input: x[1], recurrent: x[2], inputBias: x[3], recurrentBias: x[4]))
        case .gruStateLengths:
            try x[0].gru(.init(input: x[1], recurrent: x[2], inputBias: x[3], recurrentBias: x[4]), initial: x[5], lengths: [4, 0, 2])
        case .lstm: try x[0].lstm(.init(input: x[1], recurrent: x[2], inputBias: x[3], recurrentBias: x[4]))
        case .lstmStateLengths:
            try x[0].lstm(.init(input: x[1], recurrent: x[2], inputBias: x[3], recurrentBias: x[4]), initial: x[5], initialCell: x[6],
                          lengths: [4, 0, 2])
        case .attention: try x[0].attention(keys: x[1], values: x[2], heads: 2)
        case .attentionDropout: try x[0].attention(keys: x[1], values: x[2], heads: 2, dropoutRate: 0.3, seed: 4)
        case .attentionMask:
            try x[0].attention(keys: x[1], values: x[2], mask: Tensor(shape: [2, 1, 5], [1, 1, 0, 1, 0, 0, 1, 1, 1, 1]))
        case .attentionShared: try x[0].attention(keys: x[0], values: x[0], heads: 2)
        case .selfAttention: try x[0].selfAttention(heads: 2)
        case .selfAttentionMask:
            try x[0].selfAttention(heads: 2, mask: Tensor(shape: [3, 3], [1, 0, 0, 1, 1, 0, 1, 1, 1]), dropoutRate: 0.2, seed: 3)
        case .largeAttention: try x[0].selfAttention(heads: 4, dropoutRate: 0.1, seed: 8)
        case .sparseProduct:
            try SparseMatrix(rows: 4, columns: 5, entries: [(0, 1, 2), (3, 4, -1), (0, 0, 0.5), (2, 2, 1), (2, 2, 3), (3, 0, 1)])
                .multiplied(by: x[0])
        case .segmentSoftmax: try x[0].segmentSoftmax([0, 2, 0, 2, 1, 0], count: 4)
        case .segmentMean: try x[0].segmentMean([0, 2, 0, 2, 1, 0], count: 4)
        case .resizedUp: try x[0].resized(height: 9, width: 7)
        case .resizedDown: try x[0].resized(height: 3, width: 2)
        case .resizedNearest: try x[0].resized(height: 8, width: 7, .nearest)
        case .resizedSequence: try x[0].resized(length: 8)
        case .affineSampled: try x[0].sampled(at: Tensor.affineGrid(x[1] * 0.6, height: 4, width: 3))
        case .clampedSampled: try x[0].sampled(at: Tensor.affineGrid(x[1], height: 4, width: 3), clamped: true)
        case .spectral:
            try x[0].spectrallyNormalised(vector: ParameterStore<Scalar>().addState("u", Tensor(shape: [4], [0.5, -0.5, 0.5, 0.5])), updating: false)
        case .weightNorm: try Tensor.weightNormalised(direction: x[0], gain: x[1])
        case .convWinograd: try x[0].conv2d(x[1], .init(padding: .symmetric(1)))
        case .convWinogradEdges:
            try x[0].conv2d(x[1], bias: x[2], .init(padding: .explicit(top: 1, bottom: 2, left: 2, right: 0)), activation: .leakyReLU(slope: 0.2))
        case .conv1dGroups: try x[0].conv1d(x[1], padding: .same, dilation: 2, groups: 2)
        case .transposedConv1d: try x[0].transposedConv1d(x[1], bias: x[2], stride: 2, padding: 1, outputPadding: 1, groups: 2)
        case .maxPool1d: try x[0].maxPool1d(size: 3, stride: 2, padding: .symmetric(1))
        case .averagePool1d: try x[0].averagePool1d(size: 2)
        case .innerProducts: try x[0].innerProducts(at: [0, 3, 3, 1], with: x[1], at: [5, 0, 2, 2])
        case .innerProductsShared: try x[0].innerProducts(at: [0, 3, 1, 1], with: x[0].tanh(), at: [2, 3, 1, 0])
        case .largeInnerProducts:
            try x[0].innerProducts(at: (0..<2000).map { Int32($0 % 40) }, with: x[1], at: (0..<2000).map { Int32($0 * 7 % 50) })
        case .largeElementwise: try (x[0] * x[1]).gelu().dropout(rate: 0.3, seed: 7) + x[1]
        case .largeRows: try x[0].softmax() * x[0].logSoftmax() + x[0].transposed().exp().sum(axes: [0]).reshaped(600, 1)
        }
    }

    private static func batchNorm<Scalar: TensorScalar>(_ x: [Tensor<Scalar>], isTraining: Bool,
                                                        _ activation: Activation = .identity) throws -> Tensor<Scalar> {
        let state = ParameterStore<Scalar>()
        let (mean, variance) = (state.addState("mean", Tensor(shape: x[1].shape, repeating: 0.1)),
                                state.addState("variance", Tensor(shape: x[1].shape, repeating: 1.7)))
        return try x[0].batchNormalised(gamma: x[1], beta: x[2], runningMean: mean, runningVariance: variance, isTraining: isTraining,
                                        activation: activation)
    }

    static let cases = allCases.map { OperationCase($0.rawValue, $0.shapes, in: $0.range, $0) }
}
