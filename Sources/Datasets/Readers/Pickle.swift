/// Reads the small, harmless part of Python's pickle language that weights files, and with `objects` the arrays of old graph
/// files, use. Nothing is ever executed: a class or function is only a name, and any name or opcode outside the list is refused.
///
/// Containers live in arrays and values refer to them by number, so that neither deep nesting nor a container that holds itself
/// can exhaust the stack.
struct PickleMachine {
    enum Value: Equatable {
        case none
        case bool(Bool)
        case integer(Int)
        /// An integer wider than 64 bits, its bytes least significant first.
        case wideInteger([UInt8])
        case string(String)
        /// "module name".
        case global(String)
        case tuple(Int)
        case list(Int)
        case dictionary(Int)
        /// The result of calling a global with a tuple of arguments.
        case call(global: String, arguments: Int)
        /// A reference to something outside the pickle, by a tuple.
        case persistent(Int)
        /// A string of bytes (Python 2's `str`): where it stands in the file.
        case bytes(Range<Int>)
        /// An object whose attributes are kept, by its number among `objects`.
        case object(Int)
    }

    /// An object as the pickle describes it: its class or maker, the arguments, and what BUILD gave it.
    struct Object {
        var global: String
        var arguments: Int
        var state = Value.none
    }

    /// The globals that may be named, "module name".
    let allowedGlobals: Set<String>
    /// Whether objects keep their attributes, and the opcodes of Python 2 for them are read.
    let keepsObjects: Bool
    private(set) var objects: [Object] = []
    private(set) var tuples: [[Value]] = []
    private(set) var lists: [[Value]] = []
    private(set) var dictionaries: [[(key: Value, value: Value)]] = []

    private var stack: [Value] = []
    private var marks: [Int] = []
    private var memo: [Int: Value] = [:]

    init(allowedGlobals: Set<String>, keepingObjects: Bool = false) {
        self.allowedGlobals = allowedGlobals
        keepsObjects = keepingObjects
    }

    /// Runs one pickle from the cursor up to its STOP; containers of earlier pickles stay readable.
    mutating func run(_ cursor: inout ByteCursor) throws -> Value {
        stack = []
        marks = []
        memo = [:]
        while true {
            let place = cursor.position
            let opcode = try cursor.byte()
            if opcode == 0x2E {   // STOP
                guard let value = stack.popLast() else { throw cursor.failure("the pickle ends without a value; the file is damaged, fetch it again") }
                return value
            }
            try step(opcode, at: place, &cursor)
        }
    }

    private mutating func step(_ opcode: UInt8, at place: Int, _ cursor: inout ByteCursor) throws {
        switch opcode {
        case 0x80:   // PROTO
            let version = try cursor.byte()
            guard version <= 4 else { throw cursor.failure("pickle protocol \(version) is newer than what is read; " + (keepsObjects ? "save it with pickle.dump(…, protocol=2)" : "save the weights with torch.save(…, pickle_protocol=2)")) }
        case 0x28: marks.append(stack.count)   // MARK
        case 0x74: push(tuple: try popToMark(&cursor))   // TUPLE
        case 0x85: push(tuple: try pop(1, &cursor))   // TUPLE1
        case 0x86: push(tuple: try pop(2, &cursor))   // TUPLE2
        case 0x87: push(tuple: try pop(3, &cursor))   // TUPLE3: the shape of a tensor with three axes
        case 0x29: push(tuple: [])   // EMPTY_TUPLE
        case 0x7D:   // EMPTY_DICT
            dictionaries.append([])
            stack.append(.dictionary(dictionaries.count - 1))
        case 0x5D:   // EMPTY_LIST
            lists.append([])
            stack.append(.list(lists.count - 1))
        case 0x65: try appendToList(popToMark(&cursor), &cursor)   // APPENDS
        case 0x73: try setItems(pop(2, &cursor), &cursor)   // SETITEM
        case 0x75: try setItems(popToMark(&cursor), &cursor)   // SETITEMS
        case 0x58: stack.append(.string(try string(&cursor)))   // BINUNICODE
        case 0x4A: stack.append(.integer(Int(try cursor.littleEndian(Int32.self))))   // BININT
        case 0x4B: stack.append(.integer(Int(try cursor.byte())))   // BININT1
        case 0x4D: stack.append(.integer(Int(try cursor.littleEndian(UInt16.self))))   // BININT2
        case 0x8A: stack.append(try long(&cursor))   // LONG1
        case 0x4E: stack.append(.none)   // NONE
        case 0x88: stack.append(.bool(true))   // NEWTRUE
        case 0x89: stack.append(.bool(false))   // NEWFALSE
        case 0x71: memo[Int(try cursor.byte())] = try top(&cursor)   // BINPUT
        case 0x72: memo[Int(try cursor.littleEndian(UInt32.self))] = try top(&cursor)   // LONG_BINPUT
        case 0x68: stack.append(try remembered(Int(try cursor.byte()), &cursor))   // BINGET
        case 0x6A: stack.append(try remembered(Int(try cursor.littleEndian(UInt32.self)), &cursor))   // LONG_BINGET
        case 0x63: stack.append(try global(&cursor))   // GLOBAL
        case 0x52: try reduce(&cursor)   // REDUCE
        case 0x62:   // BUILD
            let state = try pop(1, &cursor)[0]
            // Elsewhere attributes are of no interest.
            if case .object(let index) = try top(&cursor) { objects[index].state = state }
        case 0x81 where keepsObjects: try reduce(&cursor)   // NEWOBJ: the class takes the place of the function
        case 0x61 where keepsObjects: try appendToList(pop(1, &cursor), &cursor)   // APPEND
        case 0x55 where keepsObjects: try pushBytes(count: Int(cursor.byte()), &cursor)   // SHORT_BINSTRING
        case 0x54 where keepsObjects: try pushBytes(count: Int(cursor.littleEndian(Int32.self)), &cursor)   // BINSTRING
        case 0x51:   // BINPERSID
            guard case .tuple(let index) = try pop(1, &cursor)[0] else { throw cursor.failure("a reference to a storage is no tuple; the file is damaged, fetch it again") }
            stack.append(.persistent(index))
        default:
            throw DatasetError(file: cursor.file, place: "byte \(place)", "pickle opcode 0x\(String(opcode, radix: 16)) is not among those "
                + "that \(keepsObjects ? "arrays and graphs" : "weights files") need; it is refused, nothing was executed")
        }
    }

    // MARK: - Stack

    private mutating func push(tuple: [Value]) {
        tuples.append(tuple)
        stack.append(.tuple(tuples.count - 1))
    }

    private func top(_ cursor: inout ByteCursor) throws -> Value {
        guard stack.count > (marks.last ?? 0), let value = stack.last else { throw underflow(cursor) }
        return value
    }

    private mutating func pop(_ count: Int, _ cursor: inout ByteCursor) throws -> [Value] {
        guard stack.count - (marks.last ?? 0) >= count else { throw underflow(cursor) }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark(_ cursor: inout ByteCursor) throws -> [Value] {
        guard let mark = marks.popLast(), mark <= stack.count else { throw underflow(cursor) }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private func underflow(_ cursor: ByteCursor) -> DatasetError {
        cursor.failure("the pickle takes more from its stack than was put there; the file is damaged, fetch it again")
    }

    private func remembered(_ index: Int, _ cursor: inout ByteCursor) throws -> Value {
        guard let value = memo[index] else { throw cursor.failure("the pickle refers to a value that it has not stored; the file is damaged, fetch it again") }
        return value
    }

    // MARK: - Values

    private func string(_ cursor: inout ByteCursor) throws -> String {
        let count = Int(try cursor.littleEndian(UInt32.self))
        guard let text = String(validating: try cursor.take(count), as: UTF8.self) else {
            throw cursor.failure("a string in the pickle is not UTF-8; the file is damaged, fetch it again")
        }
        return text
    }

    private func long(_ cursor: inout ByteCursor) throws -> Value {
        let bytes = try cursor.take(Int(try cursor.byte()))
        guard bytes.count <= 8 else { return .wideInteger(Array(bytes)) }
        var value = UInt64(littleEndianBytes: bytes)
        // Two's complement of the given width.
        if let last = bytes.last, last & 0x80 != 0, bytes.count < 8 { value |= UInt64.max << UInt64(8 * bytes.count) }
        return .integer(Int(Int64(bitPattern: value)))
    }

    private mutating func pushBytes(count: Int, _ cursor: inout ByteCursor) throws {
        let first = cursor.position
        try cursor.skip(count)
        stack.append(.bytes(first..<cursor.position))
    }

    private func global(_ cursor: inout ByteCursor) throws -> Value {
        let name = try cursor.line() + " " + cursor.line()
        guard allowedGlobals.contains(name) else {
            throw cursor.failure("the pickle asks for the Python object \(name.debugDescription), which \(keepsObjects ? "arrays and graphs" : "plain weights") do not need; it is refused, nothing was executed")
        }
        return .global(name)
    }

    private mutating func reduce(_ cursor: inout ByteCursor) throws {
        let parts = try pop(2, &cursor)
        guard case .global(let name) = parts[0], case .tuple(let arguments) = parts[1] else {
            throw cursor.failure("the pickle calls something that is no named function; it is refused, nothing was executed")
        }
        if name == "collections OrderedDict", tuples[arguments].isEmpty {
            dictionaries.append([])
            stack.append(.dictionary(dictionaries.count - 1))
        } else if name == "collections defaultdict", tuples[arguments].count <= 1 {
            dictionaries.append([])
            stack.append(.dictionary(dictionaries.count - 1))
        } else if keepsObjects {
            objects.append(Object(global: name, arguments: arguments))
            stack.append(.object(objects.count - 1))
        } else {
            stack.append(.call(global: name, arguments: arguments))
        }
    }

    private mutating func appendToList(_ values: [Value], _ cursor: inout ByteCursor) throws {
        guard case .list(let index) = try top(&cursor) else { throw cursor.failure("the pickle appends to what is no list; the file is damaged, fetch it again") }
        lists[index].append(contentsOf: values)
    }

    private mutating func setItems(_ values: [Value], _ cursor: inout ByteCursor) throws {
        guard case .dictionary(let index) = try top(&cursor), values.count.isMultiple(of: 2) else {
            throw cursor.failure("the pickle sets items of what is no dictionary; the file is damaged, fetch it again")
        }
        for i in stride(from: 0, to: values.count, by: 2) { dictionaries[index].append((values[i], values[i + 1])) }
    }
}
