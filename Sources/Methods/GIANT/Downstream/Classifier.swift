import Layers
import Tensors

/// The networks that are put on node features (section 2.8): layers of x' = W x (MLP), W_s x + W_n mean x (GraphSAGE) or W Ã x (GCN),
/// between them batch normalisation, ReLU and dropout.
package struct Classifier {
    package enum Propagation: String, Sendable { case none, sage, convolution }

    package let parameters: ParameterStore<Float>
    private struct Layer {
        var own: Linear<Float>, neighbour: Linear<Float>?, norm: BatchNormalisation<Float>?, isLast: Bool
    }
    private let layers: [Layer]
    private let propagation: Propagation

    /// - Parameters:
    ///   - normalises: whether there is batch normalisation between layers (the paper's networks for ogbn-products have none).
    ///   - name: what the parameters' names begin with, where several networks share `parameters`.
    package init(inputs: Int, hidden: Int, outputs: Int, layers count: Int, propagation: Propagation, normalises: Bool = true, name: String = "", in parameters: ParameterStore<Float> = ParameterStore(),
                 random: inout RandomSource) {
        self.propagation = propagation
        self.parameters = parameters
        var layers: [Layer] = []
        for l in 0..<count {
            let width = l == 0 ? inputs : hidden, next = l == count - 1 ? outputs : hidden, isLast = l == count - 1
            layers.append(Layer(own: Linear("\(name)\(l).own", inputs: width, outputs: next, in: parameters, from: &random),
                                neighbour: propagation == .sage ? Linear("\(name)\(l).neighbour", inputs: width, outputs: next, bias: false, in: parameters, from: &random) : nil,
                                norm: isLast || !normalises ? nil : BatchNormalisation("\(name)\(l).norm", channels: next, in: parameters), isLast: isLast))
        }
        self.layers = layers
    }

    /// - Parameters:
    ///   - operatorMatrix: the mean over neighbours (GraphSAGE) or Ã (GCN); not used by an MLP.
    ///   - training: draws dropout masks; nil for evaluation.
    package func callAsFunction(_ x: Tensor<Float>, _ operatorMatrix: SparseMatrix<Float>?, dropout: Double = 0, training: RandomSource? = nil) throws -> Tensor<Float> {
        var x = x
        for (l, layer) in layers.enumerated() {
            switch (propagation, operatorMatrix) {
            case (.sage, let mean?):
                let own = try layer.own(x)
                x = try layer.neighbour.map { try own + mean.multiplied(by: $0(x)) } ?? own
            case (.convolution, let normalised?): x = try layer.own(normalised.multiplied(by: x))
            default: x = try layer.own(x)
            }
            if layer.isLast { continue }
            x = try layer.norm.map { try $0(x, mode: training == nil ? .inference : .training(seed: 0), activation: .relu) } ?? x.relu()
            if var random = training?.stream("layer", l), dropout > 0 { x = try x.dropout(rate: dropout, seed: random.next()) }
        }
        return x
    }
}
