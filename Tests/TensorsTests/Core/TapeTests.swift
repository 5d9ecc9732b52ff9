import Testing
import Tensors

@Suite struct TapeTests {
    @Test("a store's gradients follow from a step, and a parameter out of reach keeps its value and moments")
    func step() throws {
        let store = ParameterStore<Double>()
        let (a, b) = (store.add("a", Tensor(shape: [2], [1, 2])), store.add("b", Tensor(shape: [2], [3, 4])))
        let optimiser = Optimiser(store, .adam(), rate: 0.1)
        let tape = Tape<Double>()
        let loss = try tape.differentiate(store) { try a.tensor.squared().sum() }
        #expect(loss == 5)
        #expect(a.gradient.scalars == [2, 4])
        #expect(b.gradient.scalars == [0, 0])
        #expect(store.hasGradient == [true, false])
        optimiser.update()
        #expect(b.value.scalars == [3, 4])
        // The first step of Adam moves by the rate, whenever it comes.
        #expect(zip(a.value.scalars, [0.9, 1.9]).allSatisfy { abs($0 - $1) < 1e-6 })
        try tape.differentiate(store) { try b.tensor.squared().sum() }
        optimiser.update()
        #expect(zip(b.value.scalars, [2.9, 3.9]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("shapes that do not fit throw an error that names the operation and both shapes")
    func shapeErrors() {
        let (a, b) = (Tensor<Float>(shape: [2, 3], repeating: 1), Tensor<Float>(shape: [4, 5], repeating: 1))
        #expect(throws: TensorError("matmul", [[2, 3], [4, 5]], "inner sizes 3 and 4 differ")) { try a.matmul(b) }
        #expect(throws: TensorError.self) { try a + b }
        #expect(throws: TensorError.self) { try a.reshaped(4, -1) }
        #expect(throws: TensorError.self) { try a.reshaped(0, -1) }
        #expect(throws: TensorError.self) { try a.reshaped(-7, -1) }
        #expect(throws: TensorError.self) { try a.permuted([0, 0]) }
        #expect(throws: TensorError.self) { try a.sliced(axis: 1, 2..<5) }
        #expect(throws: TensorError.self) { try a.sliced(axis: 7, 0..<1) }
        #expect(throws: TensorError.self) { try a.selected(.max) }
        #expect(throws: TensorError.self) { try a.selected(axis: -3, 0) }
        #expect(throws: TensorError.self) { try Tensor.concatenated([a, b], axis: 0) }
        #expect(throws: TensorError.self) { try a.gathered([2]) }
        #expect(throws: TensorError.self) { try a.gathered([-1]) }
        #expect(throws: TensorError.self) { try a.crossEntropy([0, 3]) }
        #expect(throws: TensorError.self) { try a.crossEntropy([0]) }
        #expect(throws: TensorError.self) { try a.dropout(rate: 1, seed: 0) }
        #expect(throws: TensorError.self) { try a.sum(axes: [2]) }
        #expect("\(TensorError("+", [[2, 3], [4]], "they differ"))" == "+ of [2, 3] and [4]: they differ.")
    }

    @Test("a tensor of an earlier step is refused, its detached value is not")
    func staleTensors() throws {
        let tape = Tape<Float>()
        tape.begin()
        let old = try tape.watch(Tensor(shape: [2], [1, 2])).squared()
        tape.begin()
        let new = tape.watch(Tensor(shape: [2], [1, 2]))
        #expect(throws: TensorError.self) { try old + new }
        #expect(throws: TensorError.self) { try tape.backward(from: old.sum()) }
        #expect(try (old.detached() + new).scalars == [2, 6])
    }

    @Test("nothing is recorded without a tape")
    func inference() throws {
        let store = ParameterStore<Float>()
        let w = store.add("w", Tensor(shape: [4, 4], repeating: 0.1))
        #expect(try !Tensor(shape: [2, 4], repeating: 1).linear(w.tensor, activation: .relu).isRecorded)
        let tape = Tape<Float>()
        tape.begin([store])
        #expect(try Tensor(shape: [2, 4], repeating: 1).linear(w.tensor, activation: .relu).isRecorded)
        tape.end()
        #expect(!w.tensor.isRecorded)
    }

    @Test("a tape that is dropped in the middle of a step goes, and its parameters can be recorded by another")
    func dropped() throws {
        let store = ParameterStore<Float>()
        let w = store.add("w", Tensor(shape: [4, 4], repeating: 0.1))
        var tape: Tape<Float>? = Tape()
        weak let seen = tape
        tape?.begin([store])
        var result: Tensor<Float>? = try Tensor(shape: [2, 4], repeating: 1).linear(w.tensor, activation: .relu)
        #expect(result?.isRecorded == true)
        (result, tape) = (nil, nil)
        #expect(seen == nil)
        #expect(!w.tensor.isRecorded)
        #expect(try Tape<Float>().differentiate(store) { try w.tensor.sum() } > 1.5)
    }

    @Test("gradient reversal turns the sign, detaching stops it")
    func reversal() throws {
        let tape = Tape<Double>()
        tape.begin()
        let x = tape.watch(Tensor(shape: [2], [1, 2]))
        try tape.backward(from: (x.gradientReversed(factor: 0.5) * 3 + x.detached() * 100).sum())
        #expect(tape.gradient(of: x).scalars == [-1.5, -1.5])
    }

    @Test("one record serves several ways back when it is kept: one row of a Jacobian each")
    func jacobian() throws {
        let tape = Tape<Double>()
        tape.begin()
        let x = tape.watch(Tensor(shape: [1, 2], [3, 4]))
        let y = try x.matmul(Tensor(shape: [2, 2], [1, 2, 3, 4])).squared()
        try tape.backward(from: y, seed: Tensor(shape: [1, 2], [1, 0]), keepingRecords: true)
        #expect(tape.gradient(of: x).scalars == [30, 90])
        try tape.backward(from: y, seed: Tensor(shape: [1, 2], [0, 1]))
        #expect(tape.gradient(of: x).scalars == [88, 176])
    }

    @Test("a method's own operation takes part")
    func custom() throws {
        let tape = Tape<Double>()
        tape.begin()
        let x = tape.watch(Tensor(shape: [2], [1, 2]))
        let cube = try Tensor.custom("cube", inputs: [x], value: Tensor(shape: [2], x.scalars.map { $0 * $0 * $0 })) { gradient in
            [Tensor(shape: [2], zip(gradient.scalars, x.scalars).map { 3 * $0 * $1 * $1 })]
        }
        try tape.backward(from: cube.sum())
        #expect(tape.gradient(of: x).scalars == [3, 12])
    }

    @Test func `a second tape over the same parameters records them anew`() throws {
        let store = ParameterStore<Double>(), a = store.add("a", Tensor(shape: [1], [2])), b = store.add("b", Tensor(shape: [1], [5]))
        try Tape<Double>().differentiate(store) { try (a.tensor * b.tensor).sum() }
        // Both tapes are in their first step; on the second one b comes first and a sum stands where a stood.
        try Tape<Double>().differentiate(store) { try (b.tensor.squared() + b.tensor * a.tensor).sum() }
        #expect(a.gradient.scalars == [5] && b.gradient.scalars == [12])
    }
}
