import CKernels

/// The numbers that a model learns, in one flat buffer, with their gradients in a second one, so that an
/// optimiser passes over them once. State that is kept but not learnt (running statistics, the vectors of
/// spectral normalisation) lies in a third.
///
/// Parameters are added while the model is built, then used for the rest of its life:
///
///     let parameters = ParameterStore<Float>()
///     let weight = parameters.add("layer.weight", .uniform(shape, in: -0.1, 0.1, from: &random))
public final class ParameterStore<Scalar: TensorScalar> {
    struct Entry {
        let name: String
        let shape: Shape
        let offset: Int
        let isLearnt: Bool
    }

    private(set) var entries: [Entry] = []
    private var indices: [String: Int] = [:]
    private(set) var learntCount = 0
    private var stateCount = 0
    /// Values as they are added; moved to the flat buffers at the first use.
    private var initial: [Tensor<Scalar>] = []
    private var flatValues: Buffer<Scalar>?
    private var flatGradients: Buffer<Scalar>?
    private var flatState: Buffer<Scalar>?

    /// The tape that records the use of these parameters, while one does. The tape holds the store, so the store does not hold the
    /// tape: one that is dropped in the middle of a step goes.
    weak var tape: Tape<Scalar>?
    /// For each entry its node on the tape, valid in `leafGeneration`.
    var leaves: [Int32] = []
    var leafGeneration: UInt32 = 0
    /// For each entry whether the last backward pass reached it.
    public internal(set) var hasGradient: [Bool] = []
    /// For each table, by its entry, the rows that the last backward pass reached.
    var touched: [Int: TouchedRows] = [:]

    public init() {}

    /// Adds a learnt parameter. The name must be new; no parameter can be added after the first use.
    @discardableResult
    public func add(_ name: String, _ value: Tensor<Scalar>) -> Parameter<Scalar> { add(name, value, learnt: true) }

    /// Adds a learnt table [rows, ..] of which a step uses few rows: an embedding of words, the outputs of many classes.
    ///
    /// `gathered`, a product with a `SparseMatrix` and `innerProducts` pass their gradient to the rows that were used and to no
    /// others; the optimiser then updates these rows, each with a count of steps of its own, and leaves the rest alone, moments
    /// and weight decay too. Any other operation may use the table; it then reaches all rows.
    @discardableResult
    public func addTable(_ name: String, _ value: Tensor<Scalar>) -> Parameter<Scalar> {
        precondition(value.rank >= 1 && value.shape[0] <= Int(Int32.max), "a table of shape \(value.shape)")
        let parameter = add(name, value, learnt: true)
        touched[parameter.index] = TouchedRows(shape: value.shape)
        return parameter
    }

    /// Adds numbers that are kept and saved but not learnt.
    @discardableResult
    public func addState(_ name: String, _ value: Tensor<Scalar>) -> Parameter<Scalar> { add(name, value, learnt: false) }

    private func add(_ name: String, _ value: Tensor<Scalar>, learnt: Bool) -> Parameter<Scalar> {
        precondition(flatValues == nil, "parameter \(name) added after the first use of the store")
        precondition(indices[name] == nil, "parameter \(name) added twice")
        let index = entries.count
        // Each parameter begins on a cache line.
        let rounded = (min(value.count, 1 << 50) + 15) / 16 * 16
        entries.append(Entry(name: name, shape: value.shape, offset: learnt ? learntCount : stateCount, isLearnt: learnt))
        if learnt { learntCount += rounded } else { stateCount += rounded }
        indices[name] = index
        initial.append(value.detached())
        leaves.append(-1)
        hasGradient.append(false)
        return Parameter(store: self, index: index)
    }

    private func seal() -> (values: Buffer<Scalar>, gradients: Buffer<Scalar>, state: Buffer<Scalar>) {
        if let flatValues, let flatGradients, let flatState { return (flatValues, flatGradients, flatState) }
        let (values, gradients, state) = (Buffer<Scalar>(learntCount), Buffer<Scalar>(learntCount), Buffer<Scalar>(stateCount))
        for buffer in [values, gradients, state] { buffer.fill(0) }
        for (entry, value) in zip(entries, initial) where values.isReal && state.isReal && value.buffer.isReal {
            value.copyElements(to: (entry.isLearnt ? values : state).pointer + entry.offset)
        }
        initial = []
        (flatValues, flatGradients, flatState) = (values, gradients, state)
        return (values, gradients, state)
    }

    var values: Buffer<Scalar> { seal().values }
    var gradients: Buffer<Scalar> { seal().gradients }

    func view(_ index: Int) -> Tensor<Scalar> {
        let entry = entries[index], buffers = seal()
        return Tensor(shape: entry.shape, strides: entry.shape.contiguousStrides, offset: entry.offset,
                      buffer: entry.isLearnt ? buffers.values : buffers.state)
    }

    func gradientView(_ index: Int) -> Tensor<Scalar> {
        let entry = entries[index]
        return Tensor(shape: entry.shape, strides: entry.shape.contiguousStrides, offset: entry.offset, buffer: gradients)
    }

    /// Begins a way back: no parameter is reached yet, and tables have gradient zero.
    func forgetGradients() {
        for index in hasGradient.indices { hasGradient[index] = false }
        for (index, table) in touched where table.isWhole || !table.rows.isEmpty {
            let gradient = gradientView(index).pointer
            if table.isWhole {
                lathe_fill(Scalar.kernelType, table.count * table.width, 0, gradient)
            } else {
                for row in table.rows { lathe_fill(Scalar.kernelType, table.width, 0, gradient + Int(row) * table.width) }
            }
            touched[index]?.removeAll()
        }
    }

    /// Where the gradient of rows of a table is added, `rows` being noted as reached; nil when the entry is no table.
    func target(_ index: Int, rows: [Int32]) -> UnsafeMutablePointer<Scalar>? {
        guard touched[index] != nil else { return nil }
        hasGradient[index] = true
        touched[index]?.insert(rows)
        return gradientView(index).pointer
    }

    /// Calls `body(start, count)` on the stretches of the flat gradients that may differ from zero: all of them without tables,
    /// else what lies between the tables and the rows that were reached.
    func forEachGradientRun(_ body: (Int, Int) -> Void) {
        var start = 0
        for index in touched.keys.sorted() {
            guard let table = touched[index] else { continue }
            let offset = entries[index].offset
            if offset > start { body(start, offset - start) }
            if table.isWhole {
                body(offset, table.count * table.width)
            } else {
                for row in table.rows { body(offset + Int(row) * table.width, table.width) }
            }
            start = offset + (table.count * table.width + 15) / 16 * 16
        }
        if learntCount > start { body(start, learntCount - start) }
    }

    /// All parameters in the order in which they were added.
    public var parameters: [Parameter<Scalar>] { entries.indices.map { Parameter(store: self, index: $0) } }

    /// The parameter of this name.
    public subscript(name: String) -> Parameter<Scalar>? { indices[name].map { Parameter(store: self, index: $0) } }

    /// How many numbers are learnt.
    public var parameterCount: Int { entries.reduce(0) { $0 + ($1.isLearnt ? $1.shape.count : 0) } }

    /// The Euclidean norm of all gradients.
    public var gradientNorm: Double {
        var total = 0.0
        let gradients = gradients.pointer
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2) { sums in
            forEachGradientRun { start, count in
                lathe_sums(Scalar.kernelType, count, gradients + start, sums.baseAddress)
                total += sums[1]
            }
        }
        return total.squareRoot()
    }

    /// Scales all gradients so that their norm is at most `limit`; returns the norm before.
    @discardableResult
    public func clipGradientNorm(to limit: Double) -> Double {
        let norm = gradientNorm
        if norm > limit, norm.isFinite {
            let gradients = gradients.pointer
            forEachGradientRun { start, count in
                lathe_axpby(Scalar.kernelType, count, limit / norm, gradients + start, 0, gradients + start)
            }
        }
        return norm
    }

    /// Limits each gradient to [-limit, limit].
    public func clipGradients(to limit: Double) {
        let gradients = gradients.pointer
        forEachGradientRun { start, count in
            lathe_unary(Scalar.kernelType, Int32(LATHE_CLAMP), count, -limit, limit, gradients + start, gradients + start)
        }
    }

    /// Copies the values (learnt and state) of a store with the same parameters.
    public func copyValues(from other: ParameterStore) {
        precondition(entries.map(\.shape) == other.entries.map(\.shape), "stores of different parameters")
        let (mine, theirs) = (seal(), other.seal())
        mine.values.pointer.update(from: theirs.values.pointer, count: learntCount)
        mine.state.pointer.update(from: theirs.state.pointer, count: stateCount)
    }

    /// Moves the values towards those of `other`: value = decay * value + (1 - decay) * other (weight averaging).
    public func average(with other: ParameterStore, decay: Double) {
        precondition(entries.map(\.shape) == other.entries.map(\.shape), "stores of different parameters")
        let (mine, theirs) = (seal(), other.seal())
        lathe_axpby(Scalar.kernelType, learntCount, 1 - decay, theirs.values.pointer, decay, mine.values.pointer)
        lathe_axpby(Scalar.kernelType, stateCount, 1 - decay, theirs.state.pointer, decay, mine.state.pointer)
    }

    /// All learnt values, then all state, as plain numbers: what a checkpoint needs besides the optimiser.
    public var snapshot: [Scalar] {
        entries.indices.flatMap { view($0).scalars }
    }

    /// Restores what `snapshot` gave; false when the number of values is another.
    public func restore(_ snapshot: [Scalar]) -> Bool {
        guard snapshot.count == entries.reduce(0, { $0 + $1.shape.count }) else { return false }
        var start = 0
        for index in entries.indices {
            let count = entries[index].shape.count
            parameters[index].assign(Tensor(shape: entries[index].shape, Array(snapshot[start..<start + count])))
            start += count
        }
        return true
    }
}

/// One named array of a `ParameterStore`.
public struct Parameter<Scalar: TensorScalar> {
    public let store: ParameterStore<Scalar>
    let index: Int

    public var name: String { store.entries[index].name }
    public var shape: Shape { store.entries[index].shape }
    /// Whether it is learnt, in contrast to kept state.
    public var isLearnt: Bool { store.entries[index].isLearnt }

    /// Its values, recorded when a tape records the store. No copy: a later update of the parameter shows in
    /// the tensor, so keep `value` instead where the numbers of now are wanted.
    public var tensor: Tensor<Scalar> {
        let view = store.view(index)
        guard isLearnt, let tape = store.tape else { return view }
        if store.leafGeneration != tape.generation {
            store.leafGeneration = tape.generation
            for place in store.leaves.indices { store.leaves[place] = -1 }
        }
        if store.leaves[index] < 0 { store.leaves[index] = tape.append(.parameter(store: store, index: index), shape) }
        return Tensor(shape: view.shape, strides: view.strides, offset: view.offset, buffer: view.buffer, tape: tape,
                      node: store.leaves[index], generation: tape.generation)
    }

    /// The rows of a table (`ParameterStore.addTable`) that the last backward pass reached, in rising order; nil for any other
    /// parameter.
    public var touchedRows: [Int32]? {
        store.touched[index].map { $0.isWhole ? (0..<Int32($0.count)).map(\.self) : $0.rows.sorted() }
    }

    /// A copy of its values.
    public var value: Tensor<Scalar> { Tensor(shape: shape, store.view(index).scalars) }

    /// A copy of its gradient after the last backward pass; zeros when that did not reach it.
    public var gradient: Tensor<Scalar> { Tensor(shape: shape, store.gradientView(index).scalars) }

    /// Overwrites its values; the shape must be the same.
    public func assign(_ value: Tensor<Scalar>) {
        precondition(value.shape == shape, "a value of \(value.shape) for the parameter \(name) of \(shape)")
        value.copyElements(to: store.view(index).pointer)
    }
}
