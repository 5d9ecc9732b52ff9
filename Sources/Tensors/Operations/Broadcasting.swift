import CKernels

/// Two operands laid over each other: axes that can be walked as one are merged.
struct BroadcastPlan {
    var sizes: [Int]
    var stridesA: [Int]
    var stridesB: [Int]

    init(_ shape: Shape, _ a: SIMD8<Int>, _ b: SIMD8<Int>) {
        (sizes, stridesA, stridesB) = ([], [], [])
        for axis in 0..<shape.rank where shape[axis] != 1 {
            let size = shape[axis]
            if let last = sizes.indices.last, stridesA[last] == a[axis] * size, stridesB[last] == b[axis] * size {
                sizes[last] *= size
                stridesA[last] = a[axis]
                stridesB[last] = b[axis]
            } else {
                sizes.append(size)
                stridesA.append(a[axis])
                stridesB.append(b[axis])
            }
        }
        if sizes.isEmpty { (sizes, stridesA, stridesB) = ([1], [0], [0]) }
    }

    /// Calls `body(offset of a, offset of b, offset of the result, count, step of a, step of b)` for each innermost
    /// run, in parallel over the outermost axis when the work is large.
    func forEachRun(_ body: (Int, Int, Int, Int, Int, Int) -> Void) {
        let inner = sizes.count - 1
        let (n, sa, sb) = (sizes[inner], stridesA[inner], stridesB[inner])
        if inner == 0 {
            Parallel.elements(n) { start, end in body(start * sa, start * sb, start, end - start, sa, sb) }
            return
        }
        var block = n
        for axis in 1..<inner { block *= sizes[axis] }
        Parallel.split(sizes[0], grain: max(1, 16384 / max(1, block))) { start, end in
            var index = [Int](repeating: 0, count: inner)
            for outer in start..<end {
                var (oa, ob, oy) = (outer * stridesA[0], outer * stridesB[0], outer * block)
                for axis in 1..<max(1, inner) { index[axis] = 0 }
                while true {
                    body(oa, ob, oy, n, sa, sb)
                    oy += n
                    var axis = inner - 1
                    while axis >= 1 {
                        oa += stridesA[axis]
                        ob += stridesB[axis]
                        index[axis] += 1
                        if index[axis] < sizes[axis] { break }
                        oa -= stridesA[axis] * sizes[axis]
                        ob -= stridesB[axis] * sizes[axis]
                        index[axis] = 0
                        axis -= 1
                    }
                    if axis < 1 { break }
                }
            }
        }
    }
}

extension Tensor {
    /// The strides with which this tensor is read as a tensor of the larger `shape`.
    func broadcastStrides(to shape: Shape) -> SIMD8<Int> {
        var result = SIMD8<Int>(repeating: 0)
        let difference = shape.rank - rank
        for axis in 0..<rank where self.shape[axis] != 1 { result[axis + difference] = strides[axis] }
        return result
    }

    /// A view that repeats axes of size 1, and adds axes in front, without copying.
    public func broadcast(to shape: Shape) throws(TensorError) -> Tensor {
        guard self.shape.broadcast(with: shape) == shape else {
            throw TensorError("broadcast", [self.shape, shape], "the first does not stretch to the second")
        }
        if self.shape == shape { return self }
        try BufferPool.check("broadcast", shape, of: Scalar.self)
        let tape = try Self.commonTape("broadcast", self)
        return Tensor(shape: shape, strides: broadcastStrides(to: shape), offset: offset, buffer: buffer)
            .recorded(on: tape, .broadcast(input: reference))
    }

    /// op(a, b) with broadcasting, not recorded.
    static func combine(_ op: Int, _ a: Tensor, _ b: Tensor, _ shape: Shape) -> Tensor {
        let result = Tensor(uninitialized: shape)
        guard shape.count > 0 else { return result }
        let (pa, pb, py, code) = (a.pointer, b.pointer, result.pointer, Int32(op))
        BroadcastPlan(shape, a.broadcastStrides(to: shape), b.broadcastStrides(to: shape)).forEachRun { oa, ob, oy, n, sa, sb in
            lathe_binary(Scalar.kernelType, code, n, pa + oa, sa, pb + ob, sb, py + oy)
        }
        keepAlive(a, b)
        return result
    }

    /// The sum of this tensor over the axes along which `shape` was stretched; not recorded.
    func summed(to shape: Shape) -> Tensor {
        if self.shape == shape { return self }
        var current = packed()
        let difference = rank - shape.rank
        // Runs of stretched axes are summed together, from the end.
        var axis = rank - 1
        while axis >= 0 {
            func isStretched(_ axis: Int) -> Bool {
                axis < difference || (shape[axis - difference] == 1 && self.shape[axis] != 1)
            }
            guard isStretched(axis) else { axis -= 1; continue }
            var first = axis
            while first > 0, isStretched(first - 1) { first -= 1 }
            var (outer, middle, inner) = (1, 1, 1)
            for place in 0..<first { outer *= current.shape[place] }
            for place in first...axis { middle *= current.shape[place] }
            for place in axis + 1..<max(axis + 1, rank) { inner *= current.shape[place] }
            var reduced = current.shape
            for place in first...axis { reduced[place] = 1 }
            let next = Tensor(uninitialized: reduced)
            Reduction.sum(outer, middle, inner, 1, current.pointer, next.pointer, accumulate: false)
            keepAlive(current)
            current = next
            axis = first - 1
        }
        return current.viewed(as: shape)
    }
}
