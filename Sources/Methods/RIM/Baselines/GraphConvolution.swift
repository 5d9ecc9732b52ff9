import Tensors

/// The graph convolution of the published code: a request is the sum of its items, one layer, and a bias by how long ago its last event was. Items
/// have one vector, for what is read and for what is scored.
///
///     user vector = LayerNorm((Σ_{j ∈ h_x} E_j + E_0) W + b),   user bias = value of the bucket of (T - t_last) / H
package struct HistoryConvolution<Scalar: TensorScalar> {
    package let parameters = ParameterStore<Scalar>()
    /// E with the padding item first; W and b; gain and shift of the normalisation.
    private let table, weight, bias, gain, shift: Parameter<Scalar>
    package let recency: Parameter<Scalar>
    package let itemBiases: Parameter<Scalar>

    /// Boundaries of the recency buckets, in horizons.
    package static var boundaries: [Double] { [0.1, 0.3, 1, 3, 10] }

    /// The number of boundaries strictly below a recency.
    package static func bucket(_ recency: Double) -> Int { boundaries.count { $0 < recency } }

    package init(items count: Int, width: Int, random: inout RandomSource) {
        table = parameters.add("history", .uniform([count + 1, width], in: -0.1, 0.1, from: &random))
        weight = parameters.add("W", .uniform([width, width], in: -0.1, 0.1, from: &random))
        bias = parameters.add("b", Tensor(shape: [width], repeating: 0))
        gain = parameters.add("norm.gain", Tensor(shape: [width], repeating: 1))
        shift = parameters.add("norm.shift", Tensor(shape: [width], repeating: 0))
        recency = parameters.add("recency", .normal([Self.boundaries.count + 1], from: &random))
        itemBiases = parameters.add("item biases", Tensor(shape: [count], repeating: 0))
    }

    /// Vectors of the items 1 …, without the padding.
    package func items() throws(TensorError) -> Tensor<Scalar> { try table.tensor.sliced(1..<table.shape[0]) }

    /// Vectors of requests.
    /// - Parameters:
    ///   - bags: for each request the places in the table of its items (from 1) and of the padding (0), one list after the other.
    ///   - rows: the request of each place.
    package func vectors(_ bags: [Int32], rows: [Int32], count: Int) throws(TensorError) -> Tensor<Scalar> {
        try table.tensor.gathered(bags).segmentSum(rows, count: count).linear(weight.tensor, bias: bias.tensor).layerNormalised(gamma: gain.tensor, beta: shift.tensor)
    }
}

/// Requests as the convolution reads them.
struct ConvolutionInputs {
    var bags: [Int32] = [], rows: [Int32] = [], buckets: [Int32] = []
    var count = 0

    init(_ requests: [Request], _ material: Material) {
        for request in requests {
            let row = Int32(truncatingIfNeeded: count), items = [0] + material.historyItems(request).map { $0 + 1 }
            bags += items
            rows += [Int32](repeating: row, count: items.count)
            let last = material.events.times[request.history.upperBound - 1]
            buckets.append(Int32(truncatingIfNeeded: HistoryConvolution<Float>.bucket((request.start - last) / material.horizon)))
            count += 1
        }
    }
}

extension Trainer {
    /// Learns from what followed the requests of V, and of the extra sets before it.
    mutating func fitConvolution(hasExtra: Bool, name: String) throws -> FactorModel {
        let material = material, settings = settings, random = context.random.stream(name)
        let sets = [material.split.validation] + (hasExtra ? material.split.extra : []), requests = sets.flatMap { $0 }
        var start = random.stream("start")
        let model = HistoryConvolution<Float>(items: material.m, width: settings.factors, random: &start), inputs = ConvolutionInputs(requests, material)
        var pairs: [(user: Int32, item: Int32)] = [], proposals = PairProposals(), row = 0
        // Requests are drawn from the set of the pair: those of other sets stand at another moment.
        for set in sets {
            let first = row
            var perRequest = [Double](repeating: 0, count: set.count), perItem = [Double](repeating: 0, count: material.m)
            for request in set {
                for event in request.target {
                    let item = material.candidate[Int(material.events.items[event])]
                    guard item >= 0 else { continue }
                    pairs.append((Int32(truncatingIfNeeded: row), item))
                    perRequest[row - first] += 1
                    perItem[Int(item)] += 1
                }
                row += 1
            }
            proposals.add(items: perItem, users: perRequest)
        }
        let histories = requests.map { settings.excludesHistory ? Set(material.historyItems($0)) : [] }
        try fitPairs(pairs, name: name, model.parameters, sides: .both, proposals, random: random,
                     isExcluded: { histories[$0].contains(Int32(truncatingIfNeeded: $1)) }) { batch in
            let vectors = try model.vectors(inputs.bags, rows: inputs.rows, count: inputs.count)
            return try PairwiseLoss.mean(batch, sides: .both, users: vectors, items: model.items(), userBiases: model.recency.tensor.gathered(inputs.buckets), itemBiases: model.itemBiases.tensor)
        }
        func part(_ requests: [Request]) throws -> (vectors: [Float], biases: [Float]) {
            let inputs = ConvolutionInputs(requests, material)
            return (try model.vectors(inputs.bags, rows: inputs.rows, count: inputs.count).scalars, try model.recency.tensor.gathered(inputs.buckets).scalars)
        }
        let test = try part(material.split.test), validation = try part(material.split.validation)
        return FactorModel(link: .softplus, width: settings.factors, test: test.vectors, validation: validation.vectors, items: try model.items().scalars, itemBiases: model.itemBiases.value.scalars,
                           testBiases: test.biases, validationBiases: validation.biases)
    }
}
