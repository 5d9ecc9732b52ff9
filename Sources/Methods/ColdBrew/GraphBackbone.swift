import Tensors

/// The optional parts of the teacher's backbone (section 2.3): how layers are joined, and how their outputs are normalised.
///
/// The official code names both in one option string and then skips the normalisation wherever a residual kind stands in it, so
/// that its tuned norms never ran. Here both act.
package struct GraphBackbone: Sendable, Equatable {
    package enum Residual: String, Sendable, CaseIterable {
        case none
        /// X <- (1 - α) X' + α X_in, with the input layer's output (GCNII).
        case initial
        /// X <- (1 - α) X' + α X.
        case residual
        /// X <- Linear of all outputs so far, the input layer's included.
        case dense
        /// Linear of all layers' outputs, once, at the end.
        case jumping
    }

    package enum Normalisation: String, Sendable, CaseIterable { case none, batch, pair, node, mean, group }

    package var residual = Residual.none
    package var normalisation = Normalisation.none
    /// α of `initial` and `residual`.
    package var residualWeight = 0.1
    /// How many groups `group` has, and its λ.
    package var groups = 10, groupWeight = 0.001

    package init(residual: Residual = .none, normalisation: Normalisation = .none, residualWeight: Double = 0.1, groups: Int = 10, groupWeight: Double = 0.001) {
        self.residual = residual
        self.normalisation = normalisation
        self.residualWeight = residualWeight
        self.groups = groups
        self.groupWeight = groupWeight
    }
}

/// W x + b with Xavier-uniform W (Glorot and Bengio 2010) and b = 0.
struct XavierLinear<Scalar: TensorScalar> {
    let weight, bias: Parameter<Scalar>

    init(_ name: String, inputs: Int, outputs: Int, in parameters: ParameterStore<Scalar>, from random: inout RandomSource) {
        let bound = Scalar((6 / Double(inputs + outputs)).squareRoot())
        weight = parameters.add("\(name).W", .uniform([inputs, outputs], in: -bound, bound, from: &random))
        bias = parameters.add("\(name).b", Tensor(shape: [outputs], repeating: 0))
    }
}
