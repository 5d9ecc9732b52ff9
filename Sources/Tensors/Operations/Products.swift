import CKernels

/// A matrix as the product kernels see it: entry (i, j) at `row * i + column * j`.
struct MatrixView<Scalar: TensorScalar> {
    let pointer: UnsafePointer<Scalar>
    let row: Int
    let column: Int

    init(_ pointer: UnsafePointer<Scalar>, row: Int, column: Int = 1) {
        self.pointer = pointer
        self.row = row
        self.column = column
    }

    var transposed: MatrixView { MatrixView(pointer, row: column, column: row) }
    func offset(by count: Int) -> MatrixView { MatrixView(pointer + count, row: row, column: column) }
}

enum Product {
    /// C (m x n, contiguous rows at `stride`) = or += factor * A B + bias, then the activation. Large products are
    /// cut along their longer side; every element is summed in the same order however they are cut.
    static func multiply<Scalar: TensorScalar>(
        _ m: Int, _ n: Int, _ k: Int, factor: Double = 1, _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>,
        into c: UnsafeMutablePointer<Scalar>, stride: Int? = nil, accumulate: Bool = false,
        bias: UnsafePointer<Scalar>? = nil, activation: ElementFunction = Activation.identity.function
    ) {
        guard m > 0, n > 0 else { return }
        let ldc = stride ?? n
        let type = Scalar.kernelType
        // Work units of about 2^18 multiplications each are worth a thread.
        let small = m * n < (1 << 19) / max(1, k)
        if small || Parallel.threads == 1 {
            lathe_gemm(type, m, n, k, factor, a.pointer, a.row, a.column, b.pointer, b.row, b.column, c, ldc, accumulate ? 1 : 0,
                       bias, activation.code, activation.p)
        } else if n > m {
            Parallel.split(n, grain: 32, unit: 64) { start, end in
                lathe_gemm(type, m, end - start, k, factor, a.pointer, a.row, a.column, b.pointer + start * b.column, b.row, b.column,
                           c + start, ldc, accumulate ? 1 : 0, bias.map { $0 + start }, activation.code, activation.p)
            }
        } else {
            Parallel.split(m, grain: 12, unit: 24) { start, end in
                lathe_gemm(type, end - start, n, k, factor, a.pointer + start * a.row, a.row, a.column, b.pointer, b.row, b.column,
                           c + start * ldc, ldc, accumulate ? 1 : 0, bias, activation.code, activation.p)
            }
        }
    }

    /// `count` products of the same size at given strides, one after the other or side by side.
    static func multiplyEach<Scalar: TensorScalar>(
        _ count: Int, _ m: Int, _ n: Int, _ k: Int, _ a: MatrixView<Scalar>, _ strideA: Int, _ b: MatrixView<Scalar>, _ strideB: Int,
        into c: UnsafeMutablePointer<Scalar>, accumulate: Bool
    ) {
        if count == 1 {
            multiply(m, n, k, a, b, into: c, accumulate: accumulate)
            return
        }
        Parallel.split(count, grain: max(1, (1 << 16) / max(1, m * n * k))) { start, end in
            for index in start..<end {
                lathe_gemm(Scalar.kernelType, m, n, k, 1, a.pointer + index * strideA, a.row, a.column, b.pointer + index * strideB,
                           b.row, b.column, c + index * m * n, n, accumulate ? 1 : 0, nil, Int32(LATHE_IDENTITY), 0)
            }
        }
    }
}

extension Tensor {
    /// The last two axes as a matrix, without a copy when one of them has step 1 and the leading axes are regular.
    func matrices() -> (tensor: Tensor, view: MatrixView<Scalar>, batch: Int, step: Int) {
        let (rows, columns) = (shape[-2], shape[-1])
        var batch = 1
        for axis in 0..<rank - 2 { batch *= shape[axis] }
        let (rowStep, columnStep) = (strides[rank - 2], strides[rank - 1])
        // The leading axes must be one regular axis.
        var regular = true
        var step = rank > 2 ? strides[rank - 3] : rows * columns
        if rank > 3 {
            var expected = step
            for axis in Swift.stride(from: rank - 3, through: 0, by: -1) {
                if shape[axis] != 1, strides[axis] != expected { regular = false }
                expected *= shape[axis]
            }
        }
        if regular, (columnStep == 1 && rowStep > 0) || (rowStep == 1 && columnStep > 0) {
            if batch == 1 { step = rows * columns }
            return (self, MatrixView(UnsafePointer(pointer), row: rowStep, column: columnStep), batch, step)
        }
        let copy = packed()
        return (copy, MatrixView(UnsafePointer(copy.pointer), row: columns), batch, rows * columns)
    }

    /// The matrix product over the last two axes.
    ///
    /// [.., m, k] x [.., k, n] gives [.., m, n]. The leading axes are equal, or one side has none of them and serves
    /// every product. A transpose costs no copy.
    public func matmul(_ other: Tensor, transposeSelf: Bool = false, transposeOther: Bool = false) throws(TensorError) -> Tensor {
        guard rank >= 2, other.rank >= 2 else {
            throw TensorError("matmul", [shape, other.shape], "both need at least two axes")
        }
        let (m, k) = transposeSelf ? (shape[-1], shape[-2]) : (shape[-2], shape[-1])
        let (k2, n) = transposeOther ? (other.shape[-1], other.shape[-2]) : (other.shape[-2], other.shape[-1])
        guard k == k2 else { throw TensorError("matmul", [shape, other.shape], "inner sizes \(k) and \(k2) differ") }
        let (leadingA, leadingB) = (shape.dimensions.dropLast(2), other.shape.dimensions.dropLast(2))
        guard leadingA == leadingB || leadingA.isEmpty || leadingB.isEmpty else {
            throw TensorError("matmul", [shape, other.shape], "the leading sizes differ")
        }
        let tape = try Self.commonTape("matmul", self, other)
        let leading = leadingA.isEmpty ? leadingB : leadingA
        let result = try Tensor(for: "matmul", Shape(Array(leading) + [m, n]))
        let (a, b) = (matrices(), other.matrices())
        defer { keepAlive(a.tensor, b.tensor) }
        let (viewA, viewB) = (transposeSelf ? a.view.transposed : a.view, transposeOther ? b.view.transposed : b.view)
        let batch = max(a.batch, b.batch)
        if leadingB.isEmpty, !leadingA.isEmpty, !transposeSelf, a.view.column == 1, a.step == m * a.view.row {
            // All products share B: one tall product.
            Product.multiply(batch * m, n, k, viewA, viewB, into: result.pointer)
        } else {
            let count = leading.contains(0) ? 0 : batch
            Product.multiplyEach(count, m, n, k, viewA, leadingA.isEmpty ? 0 : a.step, viewB, leadingB.isEmpty ? 0 : b.step,
                                 into: result.pointer, accumulate: false)
        }
        return result.recorded(on: tape, .matmul(a.tensor.saved, b.tensor.saved, transposeA: transposeSelf, transposeB: transposeOther))
    }

    /// activation(self * weight + bias): self [.., k], weight [k, n], bias [n].
    public func linear(_ weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity) throws(TensorError) -> Tensor {
        guard rank >= 1, weight.rank == 2, shape[-1] == weight.shape[0] else {
            throw TensorError("linear", [shape, weight.shape], "the last axis must match the first of the weight")
        }
        if let bias, bias.shape != [weight.shape[1]] {
            throw TensorError("linear", [shape, weight.shape, bias.shape], "the bias must have one number a column of the weight")
        }
        let function = activation.function
        let tape = try Self.commonTape("linear", bias.map { [self, weight, $0] } ?? [self, weight])
        // The way back of some activations needs what went in, so that one is written by itself while a tape records.
        if tape != nil, function.reads == .input || function.reads == .both {
            return try linear(weight, bias: bias).activated(activation)
        }
        let (k, n) = (weight.shape[0], weight.shape[1])
        let rows = shape.leading
        let result = try Tensor(for: "linear", shape.replacing(rank - 1, with: n))
        let input = packed(), packedBias = bias?.packed()
        let w = weight.matrices()
        defer { keepAlive(input, packedBias, w.tensor) }
        Product.multiply(rows, n, k, MatrixView(input.pointer, row: k), w.view, into: result.pointer,
                         bias: packedBias.map { UnsafePointer($0.pointer) }, activation: function)
        return result.recorded(on: tape, .linear(input: input.saved, weight: w.tensor.saved, bias: bias?.reference,
                                                 output: function.isIdentity ? nil : result.saved, function))
    }
}

extension Tape {
    func backwardMatmul(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ transposeA: Bool, _ transposeB: Bool, _ gradient: Tensor<Scalar>) {
        let g = gradient.packed()
        let (viewA, viewB) = (a.matrices(), b.matrices())
        defer { keepAlive(g, viewA.tensor, viewB.tensor) }
        let (m, n) = (g.shape[-2], g.shape[-1])
        let k = transposeA ? a.shape[-2] : a.shape[-1]
        let opA = transposeA ? viewA.view.transposed : viewA.view
        let opB = transposeB ? viewB.view.transposed : viewB.view
        let batch = g.shape.rank == 2 ? 1 : g.count / max(1, m * n)
        let G = MatrixView(UnsafePointer(g.pointer), row: n)
        let (sharedA, sharedB) = (a.rank == 2 && batch > 1, b.rank == 2 && batch > 1)
        if let (d, add) = target(a.savedReference) {
            if sharedA {
                // d op(A) = sum over the batch of G op(B)'
                for index in 0..<batch {
                    let (left, right) = (G.offset(by: index * m * n), opB.offset(by: index * viewB.step))
                    if transposeA { Product.multiply(k, m, n, right, left.transposed, into: d, accumulate: add || index > 0) }
                    else { Product.multiply(m, k, n, left, right.transposed, into: d, accumulate: add || index > 0) }
                }
            } else if transposeA {
                Product.multiplyEach(batch, k, m, n, opB, sharedB ? 0 : viewB.step, G.transposed, m * n, into: d, accumulate: add)
            } else if sharedB {
                Product.multiply(batch * m, k, n, G, opB.transposed, into: d, accumulate: add)
            } else {
                Product.multiplyEach(batch, m, k, n, G, m * n, opB.transposed, viewB.step, into: d, accumulate: add)
            }
        }
        if let (d, add) = target(b.savedReference) {
            if sharedB {
                if !transposeA, viewA.view.column == 1, viewA.step == m * viewA.view.row {
                    // One product over all rows of the batch.
                    let all = MatrixView(viewA.view.pointer, row: viewA.view.row)
                    if transposeB { Product.multiply(n, k, batch * m, G.transposed, all, into: d, accumulate: add) }
                    else { Product.multiply(k, n, batch * m, all.transposed, G, into: d, accumulate: add) }
                } else {
                    for index in 0..<batch {
                        let (left, right) = (opA.offset(by: index * viewA.step), G.offset(by: index * m * n))
                        if transposeB { Product.multiply(n, k, m, right.transposed, left, into: d, accumulate: add || index > 0) }
                        else { Product.multiply(k, n, m, left.transposed, right, into: d, accumulate: add || index > 0) }
                    }
                }
            } else if transposeB {
                Product.multiplyEach(batch, n, k, m, G.transposed, m * n, opA, sharedA ? 0 : viewA.step, into: d, accumulate: add)
            } else {
                Product.multiplyEach(batch, k, n, m, opA.transposed, sharedA ? 0 : viewA.step, G, m * n, into: d, accumulate: add)
            }
        }
    }

    func backwardLinear(_ input: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: NodeReference?, _ output: Tensor<Scalar>?,
                        _ function: ElementFunction, _ gradient: Tensor<Scalar>) {
        let g = throughActivation(function, output, gradient)
        defer { keepAlive(g, input, weight) }
        let (k, n) = (weight.shape[0], weight.shape[1])
        let rows = g.count / max(1, n)
        let G = MatrixView(UnsafePointer(g.pointer), row: n)
        if let bias, let (d, add) = target(bias) { Reduction.columnSums(rows, n, g.pointer, into: d, accumulate: add) }
        if let (d, add) = target(weight.savedReference) {
            Product.multiply(k, n, rows, MatrixView(input.pointer, row: 1, column: k), G, into: d, accumulate: add)
        }
        if let (d, add) = target(input.savedReference) {
            let w = weight.matrices()
            Product.multiply(rows, k, n, G, w.view.transposed, into: d, accumulate: add)
            keepAlive(w.tensor)
        }
    }

    /// The gradient before an activation that was fused into an operation, from its output.
    func throughActivation(_ function: ElementFunction, _ output: Tensor<Scalar>?, _ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        let packed = gradient.packed()
        guard let output, !function.isIdentity else { return packed }
        let result = Tensor<Scalar>(uninitialized: packed.shape)
        let (y, g, d) = (output.pointer, packed.pointer, result.pointer)
        Parallel.elements(packed.count, cost: function.cost) { start, end in
            lathe_unary_backward(Scalar.kernelType, function.code, end - start, function.p, function.q, y + start, y + start, g + start,
                                 d + start, 0)
        }
        keepAlive(output, packed)
        return result
    }
}
