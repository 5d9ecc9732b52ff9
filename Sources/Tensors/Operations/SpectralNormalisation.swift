import CKernels

extension Tensor {
    /// The weight divided by its largest singular value, which one power iteration a call follows (Miyato et al. 2018).
    ///
    /// The weight [.., channels out] is seen as the matrix M of (everything else) x (channels out). With the kept unit vector u
    /// (channels out): v = M u / |M u|, u = M' v / |M' v|, sigma = v' M u. u and v are constants for the gradient, so with G the
    /// gradient of the result, that of the weight is G / sigma - (<G, result> / sigma) v u'.
    ///
    /// - Parameters:
    ///   - vector: u, one number a channel out, state that is updated when `updating`.
    ///   - iterations: power iterations a call.
    public func spectrallyNormalised(vector: Parameter<Scalar>, updating: Bool, iterations: Int = 1,
                                     epsilon: Double = 1e-12) throws(TensorError) -> Tensor {
        guard rank >= 2, vector.shape == [shape.last], iterations >= 0 else {
            throw TensorError("spectrallyNormalised", [shape, vector.shape], "the vector needs one number for each channel out")
        }
        let tape = try Self.commonTape("spectrallyNormalised", self)
        let weight = packed()
        defer { keepAlive(weight) }
        let (rows, columns, type) = (shape.leading, shape.last, Scalar.kernelType)
        let (u, v) = (Tensor(shape: [columns], vector.store.view(vector.index).scalars), Tensor(uninitialized: [rows]))
        let identity = Int32(LATHE_IDENTITY)
        /// v = M u
        func project() { lathe_gemm(type, rows, 1, columns, 1, weight.pointer, columns, 1, u.pointer, 1, 1, v.pointer, 1, 0, nil, identity, 0) }
        func normalise(_ vector: Tensor) -> Double {
            var sums = [0.0, 0.0]
            lathe_sums(type, vector.count, vector.pointer, &sums)
            let norm = sums[1].squareRoot()
            lathe_axpby(type, vector.count, 1 / max(norm, epsilon), vector.pointer, 0, vector.pointer)
            return norm
        }
        project()
        _ = normalise(v)
        if updating {
            for iteration in 0..<iterations {
                if iteration > 0 {
                    project()
                    _ = normalise(v)
                }
                lathe_gemm(type, columns, 1, rows, 1, weight.pointer, 1, columns, v.pointer, 1, 1, u.pointer, 1, 0, nil, identity, 0)
                _ = normalise(u)
            }
            vector.assign(u)
        }
        // sigma = v' M u
        let product = Tensor(uninitialized: [rows])
        lathe_gemm(type, rows, 1, columns, 1, weight.pointer, columns, 1, u.pointer, 1, 1, product.pointer, 1, 0, nil, identity, 0)
        var dot = [0.0]
        lathe_dot(type, rows, product.pointer, v.pointer, &dot)
        let sigma = abs(dot[0]) > epsilon ? dot[0] : epsilon
        let result = Tensor(uninitialized: shape)
        lathe_axpby(type, count, 1 / sigma, weight.pointer, 0, result.pointer)
        keepAlive(u, v, product)
        return result.recorded(on: tape, .spectral(weight: reference, output: result.saved, left: v, right: u, sigma: sigma))
    }

    /// Weight normalisation (Salimans and Kingma 2016): g v / |v| for each channel out, the last axis.
    public static func weightNormalised(direction: Tensor, gain: Tensor) throws(TensorError) -> Tensor {
        guard direction.rank >= 2, gain.shape == [direction.shape.last] else {
            throw TensorError("weightNormalised", [direction.shape, gain.shape], "the gain needs one number for each channel out")
        }
        let norms = try direction.squared().sum(axes: Array(0..<direction.rank - 1)).squareRoot()
        return try direction * (gain / norms)
    }
}

extension Tape {
    func backwardSpectral(_ weight: NodeReference, _ output: Tensor<Scalar>, _ left: Tensor<Scalar>, _ right: Tensor<Scalar>, _ sigma: Double,
                          _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(weight) else { return }
        let packed = gradient.packed()
        let (rows, columns, type) = (output.shape.leading, output.shape.last, Scalar.kernelType)
        var dot = [0.0]
        lathe_dot(type, output.count, packed.pointer, output.pointer, &dot)
        lathe_axpby(type, output.count, 1 / sigma, packed.pointer, add ? 1 : 0, d)
        let factor = -dot[0] / sigma
        for row in 0..<rows {
            lathe_axpby(type, columns, factor * Double(left.pointer[row]), right.pointer, 1, d + row * columns)
        }
        keepAlive(packed, output, left, right)
    }
}
