/// NumPy arrays, SciPy matrices in compressed rows and dictionaries of lists, as Python 2 pickled them for the Planetoid graphs.
struct PickledArrays {
    private static let globals: Set<String> = [
        "numpy.core.multiarray _reconstruct", "numpy ndarray", "numpy dtype", "scipy.sparse.csr csr_matrix", "collections defaultdict", "__builtin__ list",
    ]

    private let file: DatasetFiles.File
    private let machine: PickleMachine
    private let root: PickleMachine.Value

    init(_ file: DatasetFiles.File) throws {
        var cursor = ByteCursor(file: file.name, bytes: file.bytes)
        var machine = PickleMachine(allowedGlobals: Self.globals, keepingObjects: true)
        root = try machine.run(&cursor)
        guard cursor.remaining == 0 else { throw cursor.failure("something follows the pickle; the file is damaged, fetch it again") }
        self.machine = machine
        self.file = file
    }

    private func failure(_ sentence: String) -> DatasetError { DatasetError(file: file.name, sentence) }

    private func word(_ value: PickleMachine.Value) -> String? {
        switch value {
        case .bytes(let range): String(validating: file.bytes[range], as: UTF8.self)
        case .string(let text): text
        default: nil
        }
    }

    private func integers(_ value: PickleMachine.Value) -> [Int]? {
        guard case .tuple(let index) = value else { return nil }
        let whole = machine.tuples[index].compactMap { if case .integer(let number) = $0 { number } else { nil } }
        return whole.count == machine.tuples[index].count ? whole : nil
    }

    /// An array of numbers in row-major order.
    struct Numbers {
        var shape: [Int]
        var values: [Double]
    }

    private func array(_ value: PickleMachine.Value, _ what: String) throws -> Numbers {
        // The state is (version, shape, type, is it in Fortran order, bytes).
        guard case .object(let index) = value, machine.objects[index].global == "numpy.core.multiarray _reconstruct",
              case .tuple(let stateIndex) = machine.objects[index].state, machine.tuples[stateIndex].count == 5 else {
            throw failure("\(what) is no NumPy array; fetch the file again")
        }
        let state = machine.tuples[stateIndex]
        guard let shape = integers(state[1]), let count = elementCount(shape), case .object(let typeIndex) = state[2],
              machine.objects[typeIndex].global == "numpy dtype", let code = machine.tuples[machine.objects[typeIndex].arguments].first.flatMap(word),
              case .bool(let isFortran) = state[3], case .bytes(let range) = state[4] else {
            throw failure("\(what) is described in a way that is not read; fetch the file again")
        }
        guard !isFortran || shape.count < 2 else { throw failure("\(what) is in Fortran order, which is not read; save it in C order") }
        let order = try byteOrder(machine.objects[typeIndex].state, what)
        guard let size = ["i4": 4, "i8": 8, "f4": 4, "f8": 8][code] else {
            throw failure("\(what) has numbers of type \(code.debugDescription); i4, i8, f4 and f8 are read")
        }
        guard range.count == size * count else { throw failure("\(what) has \(range.count) bytes for \(count) numbers of \(size); it is damaged, fetch it again") }
        _ = order
        var values: [Double] = []
        values.reserveCapacity(count)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
            let bytes = file.bytes[start..<start + size]
            switch code {
            case "i4": values.append(Double(Int32(littleEndianBytes: bytes)))
            case "i8": values.append(Double(Int64(littleEndianBytes: bytes)))
            case "f4": values.append(Double(Float(bitPattern: UInt32(littleEndianBytes: bytes))))
            default: values.append(Double(bitPattern: UInt64(littleEndianBytes: bytes)))
            }
        }
        return Numbers(shape: shape, values: values)
    }

    /// Little-endian is what is read; "|" is for types of one byte.
    private func byteOrder(_ state: PickleMachine.Value, _ what: String) throws -> String {
        guard case .tuple(let index) = state, machine.tuples[index].count >= 2, let order = word(machine.tuples[index][1]), order == "<" else {
            throw failure("\(what) is not little-endian; save it on a common machine")
        }
        return order
    }

    /// The whole file as an array.
    func array() throws -> Numbers { try array(root, "the file") }

    /// The whole file as a matrix in compressed rows: its columns and entries, row by row.
    func sparseRows() throws -> (columns: Int, rows: [[(column: Int32, value: Float)]]) {
        guard case .object(let index) = root, machine.objects[index].global == "scipy.sparse.csr csr_matrix",
              case .dictionary(let attributes) = machine.objects[index].state else { throw failure("is no SciPy matrix in compressed rows; fetch it again") }
        func attribute(_ name: String) -> PickleMachine.Value? { machine.dictionaries[attributes].first { word($0.key) == name }?.value }
        guard let shape = attribute("_shape").flatMap(integers), shape.count == 2, elementCount(shape, limit: .max) != nil,
              let pointers = attribute("indptr"), let indices = attribute("indices"), let data = attribute("data") else {
            throw failure("lacks a part of a matrix in compressed rows; fetch it again")
        }
        let starts = try array(pointers, "indptr").values.map { Int(exactly: $0) ?? -1 }
        let columns = try array(indices, "indices").values.map { Int32(exactly: $0) ?? -1 }
        let values = try array(data, "data").values
        guard starts.count == shape[0] + 1, starts.first == 0, starts.last == columns.count, values.count == columns.count,
              zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }), columns.allSatisfy({ $0 >= 0 && Int($0) < shape[1] }), values.allSatisfy(\.isFinite) else {
            throw failure("its rows, columns and values do not fit together; it is damaged, fetch it again")
        }
        return (shape[1], (0..<shape[0]).map { row in
            (starts[row]..<starts[row + 1]).filter { values[$0] != 0 }.map { (columns[$0], Float(values[$0])) }
        })
    }

    /// The whole file as a dictionary from node to neighbours, as pairs.
    func edges() throws -> [(Int, Int)] {
        guard case .dictionary(let index) = root else { throw failure("is no dictionary from node to neighbours; fetch it again") }
        var edges: [(Int, Int)] = []
        for (key, value) in machine.dictionaries[index] {
            guard case .integer(let node) = key, case .list(let list) = value else { throw failure("has an entry that is no node with its list of neighbours; fetch it again") }
            for neighbour in machine.lists[list] {
                guard case .integer(let other) = neighbour else { throw failure("node \(node) has a neighbour that is no number; fetch it again") }
                edges.append((node, other))
            }
        }
        return edges
    }
}
