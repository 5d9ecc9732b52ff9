import Testing
import Tensors

/// Tables of which a step reaches few rows.
@Suite struct TouchedRowsTests {
    static let rules: [OptimiserAlgorithm] = [
        .sgd(), .sgd(momentum: 0.9, weightDecay: 0.01), .adam(), .adam(weightDecay: 0.1), .adamW(weightDecay: 0.1), .adagrad(), .rmsProp(),
    ]

    static func values(_ count: Int) -> Tensor<Double> {
        var random = RandomSource(seed: 4)
        return .normal([count, 5], from: &random)
    }

    /// A table and another parameter on either side of it.
    struct Model {
        let store = ParameterStore<Double>()
        let before: Parameter<Double>, table: Parameter<Double>, after: Parameter<Double>
        let tape = Tape<Double>()
        init(byRows: Bool) {
            before = store.add("before", Tensor(shape: [3], [1, 2, 3]))
            table = byRows ? store.addTable("table", values(9)) : store.add("table", values(9))
            after = store.add("after", Tensor(shape: [5], repeating: 0.5))
        }
        /// Reaches the rows 2 (twice), 7 and 0 by three operations.
        func step(_ rows: [Int32] = [2, 7, 2]) throws {
            let bags = try SparseMatrix<Double>(rows: 2, columns: 9, entries: [(0, rows[0], 0.5), (1, rows[1], -2), (1, 0, 1)].map { (row: $0.0, column: Int($0.1), value: $0.2) })
            try tape.differentiate(store) {
                let gathered = try table.tensor.gathered(rows).sine().sum()
                let bag = try (bags.multiplied(by: table.tensor) * after.tensor).squared().sum()
                let pairs = try before.tensor.reshaped(3, 1).matmul(after.tensor.reshaped(1, 5))
                    .innerProducts(at: [0, 2, 1], with: table.tensor, at: rows).squared().sum()
                return try gathered + bag + pairs
            }
        }
    }

    @Test("the gradient of a table is the dense one, and its norm too")
    func gradient() throws {
        let (sparse, dense) = (Model(byRows: true), Model(byRows: false))
        for rows: [Int32] in [[2, 7, 2], [4, 4, 8]] {
            try sparse.step(rows)
            try dense.step(rows)
            let worst = zip(sparse.table.gradient.scalars, dense.table.gradient.scalars).map { abs($0 - $1) }.max()
            #expect(try #require(worst) < 1e-12)
            #expect(sparse.before.gradient.scalars == dense.before.gradient.scalars)
            #expect(abs(sparse.store.gradientNorm - dense.store.gradientNorm) < 1e-12 * dense.store.gradientNorm)
            #expect(sparse.table.touchedRows == (Set(rows).union([0])).sorted())
            #expect(dense.table.touchedRows == nil)
        }
        #expect(abs(sparse.store.clipGradientNorm(to: 0.5) - dense.store.clipGradientNorm(to: 0.5)) < 1e-10)
        #expect(abs(sparse.store.gradientNorm - 0.5) < 1e-12)
        // The rows of the step before are zero again.
        let gradient = sparse.table.gradient
        #expect((0..<5).allSatisfy { gradient[7, $0] == 0 && gradient[2, $0] == 0 })
    }

    @Test("the first update of reached rows is the dense rule's; the others do not move", arguments: rules)
    func firstStep(_ rule: OptimiserAlgorithm) throws {
        let (sparse, dense) = (Model(byRows: true), Model(byRows: false))
        for model in [sparse, dense] {
            try model.step()
            Optimiser(model.store, rule, rate: 0.1).update(clippingNorm: 1)
        }
        let (a, b, start) = (sparse.table.value, dense.table.value, Self.values(9))
        for row in 0..<9 {
            for column in 0..<5 {
                if [0, 2, 7].contains(row) {
                    #expect(abs(a[row, column] - b[row, column]) < 1e-9, "row \(row)")
                    #expect(a[row, column] != start[row, column])
                } else {
                    #expect(a[row, column] == start[row, column])
                }
            }
        }
        #expect(zip(sparse.before.value.scalars + sparse.after.value.scalars, dense.before.value.scalars + dense.after.value.scalars)
            .allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("a row that comes late is corrected by its own count of updates", arguments: [OptimiserAlgorithm.adam(), .adamW()])
    func lateRow(_ rule: OptimiserAlgorithm) throws {
        let store = ParameterStore<Double>()
        let table = store.addTable("table", Tensor(shape: [3, 2], repeating: 1))
        let (tape, optimiser) = (Tape<Double>(), Optimiser(store, rule, rate: 0.1))
        for _ in 0..<6 {
            try tape.differentiate(store) { try table.tensor.gathered([0]).sum() }
            optimiser.update()
        }
        try tape.differentiate(store) { try table.tensor.gathered([1]).sum() }
        optimiser.update()
        var decay = 1.0
        if case .adamW(_, _, _, let weightDecay, _) = rule { decay -= 0.1 * weightDecay }
        // Adam's first step moves by the rate.
        #expect(abs(table.value[1, 0] - (decay - 0.1)) < 1e-6)
        #expect(table.value[2, 1] == 1)
    }

    @Test("an operation that uses the whole table reaches all rows, before and after single ones", arguments: [true, false])
    func wholeTable(_ wholeFirst: Bool) throws {
        let (sparse, dense) = (ParameterStore<Double>(), ParameterStore<Double>())
        let (a, b) = (sparse.addTable("table", Self.values(9)), dense.add("table", Self.values(9)))
        for (store, table) in [(sparse, a), (dense, b)] {
            let tape = Tape<Double>()
            for whole in [true, false, true] {
                try tape.differentiate(store) {
                    let single = try table.tensor.gathered([1, 3, 1]).sine().sum()
                    guard whole else { return single }
                    let all = try table.tensor.squared().sum()
                    return try wholeFirst ? all + single : single + all
                }
            }
        }
        #expect(a.gradient.scalars == b.gradient.scalars)
        #expect(a.touchedRows == Array(0..<9))
        Optimiser(sparse, .adam(), rate: 0.1).update()
        Optimiser(dense, .adam(), rate: 0.1).update()
        #expect(a.value.scalars == b.value.scalars)
    }

    @Test("training with tables resumes with the same bits, and one and two threads agree")
    func resume() throws {
        func train(_ model: (Model, Optimiser<Double>), _ steps: Range<Int>) throws {
            for step in steps {
                try model.0.step([Int32(step % 9), 3, Int32(step * 5 % 9)])
                model.1.update(clippingNorm: 2)
            }
        }
        func make() -> (Model, Optimiser<Double>) {
            let model = Model(byRows: true)
            return (model, Optimiser(model.store, .adamW(), rate: 0.03))
        }
        let (whole, first, second) = (make(), make(), make())
        try train(whole, 0..<10)
        try train(first, 0..<6)
        #expect(second.0.store.restore(first.0.store.snapshot) && second.1.restore(first.1.state))
        try train(second, 6..<10)
        #expect(second.0.store.snapshot == whole.0.store.snapshot)
        var wrong = first.1.state
        wrong.rowSteps = [[1, 2]]
        #expect(!second.1.restore(wrong))
        wrong.rowSteps = nil
        #expect(!second.1.restore(wrong))
    }

    @Test("rows of a sparse matrix are picked, and entries dropped in the proportion asked for")
    func bags() throws {
        let matrix = try SparseMatrix<Float>(rows: 3, columns: 4, entries: [(0, 1, 2), (1, 0, 1), (1, 3, 4), (2, 2, 5)])
        let batch = try matrix.gathered([1, 0, 1])
        #expect(batch.starts == [0, 2, 3, 5] && batch.indices == [0, 3, 1, 0, 3] && batch.values == [1, 4, 2, 1, 4])
        #expect(throws: TensorError.self) { try matrix.gathered([3]) }
        #expect(throws: TensorError.self) { try matrix.entriesDropped(rate: 1, seed: 0) }
        let large = try SparseMatrix<Float>(rows: 100, columns: 100, entries: (0..<10_000).map { (row: $0 / 100, column: $0 % 100, value: 3) })
        let dropped = try large.entriesDropped(rate: 0.2, seed: 7)
        #expect(abs(dropped.entryCount - 8000) < 160)
        #expect(dropped.values.allSatisfy { abs($0 - 3.75) < 1e-6 })
        #expect(try large.entriesDropped(rate: 0.2, seed: 7).indices == dropped.indices)
        #expect(try large.entriesDropped(rate: 0.2, seed: 8).indices != dropped.indices)
        #expect(try large.entriesDropped(rate: 0.2, seed: 7, rescaling: false).values.allSatisfy { $0 == 3 })
    }
}
