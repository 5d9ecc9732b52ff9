import CKernels

/// Forward mode of the larger operations.
extension Tape {
    func pushExtremum(_ input: Tensor<Scalar>, _ output: Tensor<Scalar>, _ axis: Int, _ tangent: Tensor<Scalar>, _ shape: Shape) -> Tensor<Scalar> {
        let packed = tangent.packed(), result = Tensor<Scalar>(uninitialized: shape)
        let middle = input.shape[axis]
        var inner = 1
        for place in axis + 1..<max(axis + 1, input.rank) { inner *= input.shape[place] }
        for index in 0..<output.count {
            let start = index / inner * middle * inner + index % inner
            var place = 0
            while place < middle - 1, input.pointer[start + place * inner] != output.pointer[index] { place += 1 }
            result.pointer[index] = packed.pointer[start + place * inner]
        }
        keepAlive(packed, input, output)
        return result
    }

    func pushSoftmax(_ output: Tensor<Scalar>, _ logarithm: Bool, _ mask: Tensor<Scalar>?, _ tangent: Tensor<Scalar>) throws(TensorError) -> Tensor<Scalar> {
        let last = output.rank - 1
        if !logarithm {
            // The Jacobian is symmetric.
            let change = try tangent - (output * tangent).sum(axes: [last], keepingAxes: true)
            return try output * change
        }
        var probabilities = try output.exp()
        if let mask { probabilities = try probabilities * mask.plain }
        let change = try tangent - (probabilities * tangent).sum(axes: [last], keepingAxes: true)
        return try mask.map { mask throws(TensorError) in try change * mask.plain } ?? change
    }

    func pushMaxPool(_ geometry: ConvolutionGeometry, _ chosen: PlaceBuffer, _ tangent: Tensor<Scalar>, _ shape: Shape) -> Tensor<Scalar> {
        let packed = tangent.packed(), result = Tensor<Scalar>(uninitialized: shape)
        let (x, y, places) = (packed.pointer, result.pointer, chosen.pointer)
        let channels = geometry.kernel.channels
        Convolution.eachImage(geometry) { image, _ in
            let (from, to, place) = (x + image * geometry.inputImage, y + image * geometry.outputImage, places + image * geometry.outputImage)
            for index in 0..<geometry.outputImage { to[index] = place[index] >= 0 ? from[Int(place[index]) * channels + index % channels] : 0 }
        }
        keepAlive(packed, chosen)
        return result
    }

    func pushAveragePool(_ geometry: ConvolutionGeometry, _ countsPadding: Bool, _ tangent: Tensor<Scalar>, _ shape: Shape) -> Tensor<Scalar> {
        let packed = tangent.packed(), result = Tensor<Scalar>(uninitialized: shape)
        let (x, y) = (packed.pointer, result.pointer)
        Convolution.eachImage(geometry) { image, kernel in
            lathe_average_pool(Scalar.kernelType, kernel, countsPadding ? 1 : 0, x + image * geometry.inputImage, y + image * geometry.outputImage)
        }
        keepAlive(packed)
        return result
    }

    func pushBatchNormalisation(_ x: Tensor<Scalar>, _ gamma: Tensor<Scalar>, _ record: NormalisationRecord<Scalar>, _ dx: Tensor<Scalar>?,
                                _ dgamma: Tensor<Scalar>?, _ dbeta: Tensor<Scalar>?) throws(TensorError) -> Tensor<Scalar> {
        let inverse = Tensor<Scalar>(shape: gamma.shape, record.inverseDeviation.map { Scalar($0) })
        let leading = Array(0..<x.rank - 1)
        let xhat = try (x - record.mean.plain) * inverse
        let inner = try dx.map { dx throws(TensorError) in
            guard record.isTraining else { return try dx * record.scale.plain }
            let centred = try dx - dx.mean(axes: leading, keepingAxes: true)
            return try (centred - xhat * (xhat * centred).mean(axes: leading, keepingAxes: true)) * record.scale.plain
        }
        let sum = try Tensor.total(inner, dgamma.map { d throws(TensorError) in try xhat * d }, dbeta, shape: x.shape)
        if record.function.isIdentity { return sum }
        // The functions that are fused here read their result as well as their argument.
        let argument = try x * record.scale.plain + record.shift.plain
        return sum.timesSlope(record.function, argument, try argument.mapped("batchNormalised", record.function))
    }

    func pushRecurrent(_ record: RecurrentRecord<Scalar>, _ t: Tangents<Scalar>) throws(TensorError) -> Tensor<Scalar> {
        let (time, batch, hidden) = (record.time, record.batch, record.hidden)
        let gateCount = record.isLSTM ? 4 : 3, width = gateCount * hidden
        let state: Shape = [batch, hidden]
        let projected = try t[record.projection]?.packed().reshaped(time, batch, width)
        let (u, du) = (record.recurrent.plain, t[record.recurrent])
        var dh = try Tensor.total(t[record.initial], shape: state)
        var dc = try Tensor.total(t[record.initialCell], shape: state)
        var results: [Tensor<Scalar>] = []
        for step in 0..<time {
            let h = try record.states.plain.selected(step)
            let dhu = try Tensor.total(dh.matmul(u), du.map { du throws(TensorError) in try h.matmul(du) }, t[record.recurrentBias], shape: [batch, width])
            let dxp = try projected?.selected(step)
            func part(_ tensor: Tensor<Scalar>, _ gate: Int) throws(TensorError) -> Tensor<Scalar> {
                try tensor.sliced(axis: 1, gate * hidden..<(gate + 1) * hidden)
            }
            /// The change of what enters a gate.
            func entering(_ gate: Int) throws(TensorError) -> Tensor<Scalar> {
                guard let dxp else { return try part(dhu, gate) }
                return try part(dhu, gate) + part(dxp, gate)
            }
            func sigmoidSlope(_ value: Tensor<Scalar>) throws(TensorError) -> Tensor<Scalar> { try value - value * value }
            func tanhSlope(_ value: Tensor<Scalar>) throws(TensorError) -> Tensor<Scalar> { try 1 - value * value }
            let gates = try record.gates.plain.selected(step)
            var (nextH, nextC) = (dh, dc)
            if record.isLSTM, let cells = record.cells?.plain {
                let (i, f, g, o) = (try part(gates, 0), try part(gates, 1), try part(gates, 2), try part(gates, 3))
                let (before, after) = (try cells.selected(step), try cells.selected(step + 1))
                let forgotten = try sigmoidSlope(f) * entering(1) * before + f * dc
                let written = try sigmoidSlope(i) * entering(0) * g + i * tanhSlope(g) * entering(2)
                nextC = try forgotten + written
                let shown = try after.tanh()
                nextH = try sigmoidSlope(o) * entering(3) * shown + o * tanhSlope(shown) * nextC
            } else {
                let (r, z, n, hun) = (try part(gates, 0), try part(gates, 1), try part(gates, 2), try part(gates, 3))
                let (dr, dz) = (try sigmoidSlope(r) * entering(0), try sigmoidSlope(z) * entering(1))
                var inner = try dr * hun + r * part(dhu, 2)
                if let dxp { inner = try inner + part(dxp, 2) }
                let dn = try tanhSlope(n) * inner
                nextH = try dz * (h - n) + (1 - z) * dn + z * dh
            }
            if let lengths = record.lengths {
                let runs = Tensor<Scalar>(shape: [batch, 1], lengths.map { Int($0) > step ? 1 : 0 })
                (nextH, nextC) = (try Tensor.select(runs, nextH, dh), try Tensor.select(runs, nextC, dc))
            }
            (dh, dc) = (nextH, nextC)
            results.append(dh)
        }
        guard !results.isEmpty else { return Tensor(shape: [batch, 0, hidden], repeating: 0) }
        return try .stacked(results, axis: 1)
    }

    func pushAttention(_ layout: AttentionLayout, _ q: AttentionPart<Scalar>, _ k: AttentionPart<Scalar>, _ v: AttentionPart<Scalar>,
                       _ weights: Tensor<Scalar>, _ acting: Tensor<Scalar>, _ packed: NodeReference?, _ t: Tangents<Scalar>) throws(TensorError) -> Tensor<Scalar> {
        let heads = layout.heads
        /// [batch, length, heads * width] from `column` on as [batch * heads, length, width].
        func split(_ tensor: Tensor<Scalar>, _ column: Int, _ width: Int) throws(TensorError) -> Tensor<Scalar> {
            let length = tensor.shape[1]
            return try tensor.detached().sliced(axis: 2, column..<column + heads * width).reshaped(layout.batch, length, heads, width)
                .permuted([0, 2, 1, 3]).reshaped(layout.batch * heads, length, width)
        }
        func value(_ part: AttentionPart<Scalar>, _ width: Int) throws(TensorError) -> Tensor<Scalar> { try split(part.tensor, part.column, width) }
        func change(_ part: AttentionPart<Scalar>, _ width: Int) throws(TensorError) -> Tensor<Scalar>? {
            guard let tangent = packed.map({ t[$0] }) ?? t[part.tensor] else { return nil }
            return try split(tangent, part.column, width)
        }
        let (keys, values) = (try value(k, layout.width), try value(v, layout.valueWidth))
        let (dq, dk, dv) = (try change(q, layout.width), try change(k, layout.width), try change(v, layout.valueWidth))
        var result: Tensor<Scalar>?
        if dq != nil || dk != nil {
            let scores = try Tensor.total(
                dq.map { d throws(TensorError) in try d.matmul(keys, transposeOther: true) },
                dk.map { d throws(TensorError) in try value(q, layout.width).matmul(d, transposeOther: true) }, shape: weights.shape)
            let mixed = try pushSoftmax(weights.plain, false, nil, scores.scaled(by: layout.scale))
            result = try mixed.dropout(rate: layout.dropoutRate, seed: layout.seed).matmul(values)
        }
        if let dv {
            let part = try acting.plain.matmul(dv)
            result = try result.map { sum throws(TensorError) in try sum + part } ?? part
        }
        let shape: Shape = [layout.batch, layout.queryLength, heads * layout.valueWidth]
        guard let result else { return Tensor(shape: shape, repeating: 0) }
        return try result.reshaped(layout.batch, heads, layout.queryLength, layout.valueWidth).permuted([0, 2, 1, 3]).reshaped(shape.dimensions)
    }

    func pushSample(_ image: Tensor<Scalar>, _ points: Tensor<Scalar>, _ clamped: Bool, _ dimage: Tensor<Scalar>?, _ dpoints: Tensor<Scalar>?,
                    _ shape: Shape) throws(TensorError) -> Tensor<Scalar> {
        let (batch, height, width, channels) = (image.shape[0], image.shape[1], image.shape[2], image.shape[3])
        let count = points.shape[1] * points.shape[2], pixels = height * width * channels
        let (type, clamp) = (Scalar.kernelType, Int32(clamped ? 1 : 0))
        var parts: [Tensor<Scalar>] = []
        if let dimage = dimage?.packed() {
            let part = Tensor<Scalar>(uninitialized: shape)
            for index in 0..<batch {
                lathe_sample(type, height, width, channels, count, clamp, dimage.pointer + index * pixels, points.pointer + index * count * 2,
                             part.pointer + index * count * channels)
            }
            keepAlive(dimage)
            parts.append(part)
        }
        if let dpoints = dpoints?.packed() {
            // The slopes along x and y, one channel after the other.
            let part = Tensor<Scalar>(uninitialized: shape)
            for channel in 0..<channels {
                let seed = Tensor<Scalar>(shape: [count, channels], generating: { $0 % channels == channel ? 1 : 0 })
                for index in 0..<batch {
                    let slopes = Tensor<Scalar>(shape: [count, 2], repeating: 0)
                    lathe_sample_backward(type, height, width, channels, count, clamp, image.pointer + index * pixels,
                                          points.pointer + index * count * 2, seed.pointer, nil, slopes.pointer)
                    let move = dpoints.pointer + index * count * 2
                    for place in 0..<count {
                        part.pointer[(index * count + place) * channels + channel] =
                            slopes.pointer[2 * place] * move[2 * place] + slopes.pointer[2 * place + 1] * move[2 * place + 1]
                    }
                    keepAlive(slopes)
                }
                keepAlive(seed)
            }
            keepAlive(dpoints)
            parts.append(part)
        }
        keepAlive(image, points)
        return parts.count == 2 ? try parts[0] + parts[1] : parts.first ?? Tensor(shape: shape, repeating: 0)
    }
}
