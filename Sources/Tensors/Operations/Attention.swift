import CKernels

/// Where queries, keys and values lie: rows of one example at a fixed step, heads side by side in a row.
struct AttentionLayout {
    let batch: Int
    let heads: Int
    let queryLength: Int
    let keyLength: Int
    /// Columns of a head in queries and keys, and in values.
    let width: Int
    let valueWidth: Int
    let scale: Double
    let dropoutRate: Double
    let seed: UInt64
}

/// One of queries, keys, values: the tensor, the step from row to row and from example to example.
struct AttentionPart<Scalar: TensorScalar> {
    let tensor: Tensor<Scalar>
    let row: Int
    let example: Int
    /// First column, when the three lie in one tensor.
    let column: Int
    var pointer: UnsafeMutablePointer<Scalar> { tensor.pointer + column }
}

/// Where the gradient of one of the three goes.
struct AttentionGradient<Scalar: TensorScalar> {
    var pointer: UnsafeMutablePointer<Scalar>?
    var row = 0
    var example = 0
    var add: Int32 = 0
}

extension Tensor {
    /// Scaled dot-product attention with several heads: softmax(q k' / sqrt(width)) v for each head.
    ///
    /// - Parameters:
    ///   - self: queries [batch, query length, heads * width].
    ///   - keys: [batch, key length, heads * width].
    ///   - values: [batch, key length, heads * value width].
    ///   - scale: the factor of the scores, 1 / sqrt(width) when nil.
    ///   - mask: 0 where a key takes no part, else 1: [query length, key length] for all, or [batch, 1, key length] or
    ///     [batch, query length, key length] for each example. It has no gradient.
    ///   - dropoutRate, seed: dropout of the weights.
    /// - Returns: [batch, query length, heads * value width].
    public func attention(keys: Tensor, values: Tensor, heads: Int = 1, scale: Double? = nil, mask: Tensor? = nil, dropoutRate: Double = 0,
                          seed: UInt64 = 0) throws(TensorError) -> Tensor {
        let shapes = [shape, keys.shape, values.shape]
        guard rank == 3, keys.rank == 3, values.rank == 3, heads > 0, keys.shape[0] == shape[0], values.shape[0] == shape[0],
              keys.shape[1] == values.shape[1], keys.shape[2] == shape[2], shape[2] % heads == 0, values.shape[2] % heads == 0 else {
            throw TensorError("attention", shapes, "queries, keys and values must agree in batch, length and width, and divide into \(heads) heads")
        }
        func part(_ tensor: Tensor) -> AttentionPart<Scalar> {
            let usable = tensor.strides[2] == 1 && tensor.strides[1] >= tensor.shape[2]
            let source = usable ? tensor : tensor.packed()
            return AttentionPart(tensor: source, row: source.strides[1], example: source.strides[0], column: 0)
        }
        let layout = AttentionLayout(batch: shape[0], heads: heads, queryLength: shape[1], keyLength: keys.shape[1], width: shape[2] / heads,
                                     valueWidth: values.shape[2] / heads, scale: scale ?? 1 / Double(max(1, shape[2] / heads)).squareRoot(),
                                     dropoutRate: dropoutRate, seed: seed)
        let tape = try Self.commonTape("attention", self, keys, values)
        return try Self.attend(layout, part(self), part(keys), part(values), mask, tape, packed: nil, shapes)
    }

    /// Self-attention of queries, keys and values that lie side by side: [batch, length, 3 * heads * width], as one product
    /// gives them. The rest is as in `attention`.
    public func selfAttention(heads: Int, scale: Double? = nil, mask: Tensor? = nil, dropoutRate: Double = 0,
                              seed: UInt64 = 0) throws(TensorError) -> Tensor {
        guard rank == 3, heads > 0, shape[2] % (3 * heads) == 0 else {
            throw TensorError("selfAttention", [shape], "the last axis must hold queries, keys and values of \(heads) heads")
        }
        let tape = try Self.commonTape("selfAttention", self)
        let source = packed(), width = shape[2] / 3
        let parts = (0..<3).map { AttentionPart(tensor: source, row: shape[2], example: shape[1] * shape[2], column: $0 * width) }
        let layout = AttentionLayout(batch: shape[0], heads: heads, queryLength: shape[1], keyLength: shape[1], width: width / heads,
                                     valueWidth: width / heads, scale: scale ?? 1 / Double(max(1, width / heads)).squareRoot(),
                                     dropoutRate: dropoutRate, seed: seed)
        return try Self.attend(layout, parts[0], parts[1], parts[2], mask, tape, packed: reference, [shape])
    }

    private static func attend(_ layout: AttentionLayout, _ q: AttentionPart<Scalar>, _ k: AttentionPart<Scalar>, _ v: AttentionPart<Scalar>,
                               _ mask: Tensor?, _ tape: Tape<Scalar>?, packed: NodeReference?, _ shapes: [Shape]) throws(TensorError) -> Tensor {
        guard layout.dropoutRate >= 0, layout.dropoutRate < 1 else {
            throw TensorError("attention", shapes, "the dropout rate \(layout.dropoutRate) is outside 0 ..< 1")
        }
        let (tq, tk, heads) = (layout.queryLength, layout.keyLength, layout.heads)
        var keep: Tensor?
        if let mask {
            if mask.shape == [tq, tk] { keep = mask.packed() }
            else { keep = try mask.detached().broadcast(to: [layout.batch, tq, tk]).packed() }
        }
        let maskPerExample = keep.map { $0.rank == 3 } ?? false
        let weights = try Tensor(for: "attention", [layout.batch * heads, tq, tk])
        // Without dropout the weights that act are the weights.
        let acting = layout.dropoutRate > 0 ? Tensor(uninitialized: weights.shape) : weights
        let result = try Tensor(for: "attention", [layout.batch, tq, heads * layout.valueWidth])
        let (type, identity) = (Scalar.kernelType, Int32(LATHE_IDENTITY))
        let (pq, pk, pv, pw, pa, po, pm) = (q.pointer, k.pointer, v.pointer, weights.pointer, acting.pointer, result.pointer, keep?.pointer)
        let threshold = UInt32(min(layout.dropoutRate * 0x1p32, 4_294_967_295))
        let outRow = heads * layout.valueWidth
        Parallel.split(layout.batch * heads, grain: max(1, (1 << 16) / max(1, tq * tk * layout.width))) { start, end in
            for index in start..<end {
                let (example, head) = (index / heads, index % heads)
                let scores = pw + index * tq * tk, act = pa + index * tq * tk
                lathe_gemm(type, tq, tk, layout.width, layout.scale, pq + example * q.example + head * layout.width, q.row, 1,
                           pk + example * k.example + head * layout.width, 1, k.row, scores, tk, 0, nil, identity, 0)
                lathe_softmax(type, 0, tq, tk, scores, pm.map { UnsafePointer($0 + (maskPerExample ? example * tq * tk : 0)) }, tq, 0, scores)
                if threshold > 0 { lathe_dropout(type, tq * tk, layout.seed, index * tq * tk, threshold, 1 / (1 - layout.dropoutRate), scores, act, 0) }
                lathe_gemm(type, tq, layout.valueWidth, tk, 1, act, tk, 1, pv + example * v.example + head * layout.valueWidth, v.row, 1,
                           po + example * tq * outRow + head * layout.valueWidth, outRow, 0, nil, identity, 0)
            }
        }
        keepAlive(q.tensor, k.tensor, v.tensor, weights, acting, keep)
        guard tape != nil else { return result }
        func saved(_ part: AttentionPart<Scalar>) -> AttentionPart<Scalar> {
            AttentionPart(tensor: part.tensor.saved, row: part.row, example: part.example, column: part.column)
        }
        return result.recorded(on: tape, .attention(layout, saved(q), saved(k), saved(v), weights: weights, acting: acting, packed: packed))
    }
}

extension Tape {
    func backwardAttention(_ layout: AttentionLayout, _ q: AttentionPart<Scalar>, _ k: AttentionPart<Scalar>, _ v: AttentionPart<Scalar>,
                           _ weights: Tensor<Scalar>, _ acting: Tensor<Scalar>, _ packed: NodeReference?, _ gradient: Tensor<Scalar>) {
        let g = gradient.packed()
        let (type, identity) = (Scalar.kernelType, Int32(LATHE_IDENTITY))
        let (tq, tk, heads, width, valueWidth) = (layout.queryLength, layout.keyLength, layout.heads, layout.width, layout.valueWidth)
        // The three gradients: in one tensor or in three, each with its own step.
        var (dq, dk, dv) = (AttentionGradient<Scalar>(), AttentionGradient<Scalar>(), AttentionGradient<Scalar>())
        if let packed {
            if let (d, add) = target(packed) {
                let row = packed.shape[2], part = heads * width
                let places = (0..<3).map { AttentionGradient(pointer: d + $0 * part, row: row, example: packed.shape[1] * row, add: add ? 1 : 0) }
                (dq, dk, dv) = (places[0], places[1], places[2])
            }
        } else {
            func place(_ part: AttentionPart<Scalar>) -> AttentionGradient<Scalar> {
                guard let (d, add) = target(part.tensor.savedReference) else { return AttentionGradient() }
                let shape = part.tensor.shape
                return AttentionGradient(pointer: d, row: shape[2], example: shape[1] * shape[2], add: add ? 1 : 0)
            }
            (dq, dk, dv) = (place(q), place(k), place(v))
        }
        let (pq, pk, pv, pw, pa, po) = (q.pointer, k.pointer, v.pointer, weights.pointer, acting.pointer, g.pointer)
        let threshold = UInt32(min(layout.dropoutRate * 0x1p32, 4_294_967_295))
        let outRow = heads * valueWidth
        let (queryPlace, keyPlace, valuePlace) = (dq, dk, dv)
        // Queries, keys, values in this order, in which their targets were asked for: one tensor may be given for several.
        Parallel.split(layout.batch, grain: max(1, (1 << 16) / max(1, heads * tq * tk * width))) { start, end in
            let scores = Buffer<Scalar>(tq * tk)
            let ds = scores.pointer
            for index in start * heads..<end * heads {
                let (example, head) = (index / heads, index % heads)
                let out = po + example * tq * outRow + head * valueWidth
                if queryPlace.pointer != nil || keyPlace.pointer != nil {
                    lathe_gemm(type, tq, tk, valueWidth, 1, out, outRow, 1, pv + example * v.example + head * valueWidth, 1, v.row, ds, tk, 0, nil, identity, 0)
                    if threshold > 0 { lathe_dropout(type, tq * tk, layout.seed, index * tq * tk, threshold, 1 / (1 - layout.dropoutRate), ds, ds, 0) }
                    lathe_softmax_backward(type, 0, tq, tk, pw + index * tq * tk, ds, ds, 0)
                }
                if let d = queryPlace.pointer {
                    lathe_gemm(type, tq, width, tk, layout.scale, ds, tk, 1, pk + example * k.example + head * width, k.row, 1,
                               d + example * queryPlace.example + head * width, queryPlace.row, queryPlace.add, nil, identity, 0)
                }
                if let d = keyPlace.pointer {
                    lathe_gemm(type, tk, width, tq, layout.scale, ds, 1, tk, pq + example * q.example + head * width, q.row, 1,
                               d + example * keyPlace.example + head * width, keyPlace.row, keyPlace.add, nil, identity, 0)
                }
                if let d = valuePlace.pointer {
                    lathe_gemm(type, tk, valueWidth, tq, 1, pa + index * tq * tk, 1, tk, out, outRow, 1,
                               d + example * valuePlace.example + head * valueWidth, valuePlace.row, valuePlace.add, nil, identity, 0)
                }
            }
            keepAlive(scores)
        }
        keepAlive(q.tensor, k.tensor, v.tensor, weights, acting, g)
    }
}
