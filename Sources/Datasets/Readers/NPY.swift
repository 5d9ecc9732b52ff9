/// NumPy's array files, versions 1 to 3: C and Fortran order, either byte order; NPZ archives of them.
public enum NPY {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Reads one array; Fortran order is turned into row-major order.
    /// - Throws: `DatasetError` for a wrong mark, a type that is not numeric or text (Python objects are refused), and for sizes
    ///   that do not fit the file, tested before anything is allocated.
    public static func read(_ bytes: [UInt8], file: String) throws -> NumericArray {
        var cursor = ByteCursor(file: file, bytes: bytes)
        guard bytes.starts(with: magic) else {
            throw DatasetError(file: file, place: "byte 0", "does not begin with NumPy's mark; it is not an .npy file")
        }
        try cursor.skip(6)
        let major = try cursor.byte()
        try cursor.skip(1)
        guard (1...3).contains(major) else { throw cursor.failure("version \(major) of the .npy format is not read; save it with a NumPy of today") }
        let headerCount = major == 1 ? Int(try cursor.littleEndian(UInt16.self)) : Int(try cursor.littleEndian(UInt32.self))
        guard headerCount <= 1 << 20 else { throw cursor.failure("a header of \(headerCount) bytes is announced; the file is damaged, fetch it again") }
        let header = try NPYHeader(Array(try cursor.take(headerCount)), cursor: cursor)
        let count = elementCount(header.shape), width = header.type.width
        guard let count, width > 0, count == cursor.remaining / width, cursor.remaining == count * width else {
            throw cursor.failure("the header announces shape \(header.shape) of \(width)-byte values and \(cursor.remaining) bytes follow; "
                + "the file is cut short or damaged, fetch it again")
        }
        // A text element costs far more in memory than its byte in the file.
        guard header.type.isNumeric || count <= 1 << 22 else { throw cursor.failure("the array has \(count) texts, more than are read; save class numbers") }
        let values = try header.type.read(&cursor, count: count)
        let ordered = header.isFortranOrder ? reordered(values, header.shape) : values
        guard let array = NumericArray(shape: header.shape, values: ordered) else { throw cursor.failure("the values do not fill the shape \(header.shape)") }
        return array
    }

    /// Where the values of a file stand, without reading them.
    struct Layout {
        var shape: [Int]
        var isBytes: Bool
        var isFortranOrder: Bool
        /// The first byte of the values.
        var offset: Int
    }

    /// Reads the header of a file of any size.
    /// - Throws: `DatasetError` as `read`.
    static func layout(of source: ByteSource) throws -> Layout {
        var cursor = ByteCursor(file: source.name, bytes: try source.read(at: 0, count: min(source.count, 12)))
        guard cursor.remaining == 12, try Array(cursor.take(6)) == magic else {
            throw DatasetError(file: source.name, place: "byte 0", "does not begin with NumPy's mark; it is not an .npy file")
        }
        let major = try cursor.byte()
        try cursor.skip(1)
        guard (1...3).contains(major) else { throw cursor.failure("version \(major) of the .npy format is not read; save it with a NumPy of today") }
        let headerCount = major == 1 ? Int(try cursor.littleEndian(UInt16.self)) : Int(try cursor.littleEndian(UInt32.self))
        guard headerCount <= 1 << 20 else { throw cursor.failure("a header of \(headerCount) bytes is announced; the file is damaged, fetch it again") }
        let start = major == 1 ? 10 : 12
        let header = try NPYHeader(source.read(at: start, count: headerCount), cursor: cursor)
        let offset = start + headerCount, width = header.type.width
        guard let count = elementCount(header.shape, limit: Int.max), count == (source.count - offset) / width, source.count - offset == count * width else {
            throw cursor.failure("the header announces shape \(header.shape) of \(width)-byte values and \(source.count - offset) bytes follow; the file is cut short or damaged, fetch it again")
        }
        return Layout(shape: header.shape, isBytes: header.type.isByte, isFortranOrder: header.isFortranOrder, offset: offset)
    }

    /// Reads every array of an NPZ archive, by name without ".npy".
    public static func readArchive(_ source: ByteSource) throws -> [(name: String, array: NumericArray)] {
        let archive = try ZipArchive(source)
        // Together no more than one file may hold, whatever each member announces.
        var room = Limits.fileBytes
        return try archive.members.filter { $0.name.hasSuffix(".npy") }.map { member in
            let bytes = try archive.read(member, limit: room)
            room -= bytes.count
            return (String(member.name.dropLast(4)), try read(bytes, file: "\(source.name)/\(member.name)"))
        }
    }

    private static func reordered(_ values: NumericArray.Values, _ shape: [Int]) -> NumericArray.Values {
        guard shape.count > 1, values.count > 0 else { return values }
        switch values {
        case .uint8(let values): return .uint8(rowMajor(values, shape))
        case .int64(let values): return .int64(rowMajor(values, shape))
        case .float32(let values): return .float32(rowMajor(values, shape))
        case .float64(let values): return .float64(rowMajor(values, shape))
        case .text(let values): return .text(rowMajor(values, shape))
        }
    }

    /// Values whose first index runs fastest, put into the order where the last does.
    private static func rowMajor<T>(_ values: [T], _ shape: [Int]) -> [T] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in 1..<shape.count { strides[axis] = strides[axis - 1] * max(1, shape[axis - 1]) }
        var result: [T] = []
        result.reserveCapacity(values.count)
        var index = [Int](repeating: 0, count: shape.count)
        var place = 0
        for _ in values.indices {
            result.append(values[place])
            for axis in shape.indices.reversed() {
                index[axis] += 1
                place += strides[axis]
                if index[axis] < shape[axis] { break }
                place -= shape[axis] * strides[axis]
                index[axis] = 0
            }
        }
        return result
    }
}

/// An element type of NumPy, such as "<f4".
private struct NPYType {
    let isBigEndian: Bool
    let kind: Character
    let size: Int
    /// Bytes of one element.
    let width: Int
    var isByte: Bool { kind == "b" || (kind == "u" && size == 1) }
    var isNumeric: Bool { kind != "S" && kind != "U" }

    init?(_ text: String) {
        var rest = Substring(text)
        guard let mark = rest.first else { return nil }
        isBigEndian = mark == ">"
        if "<>|=".contains(mark) { rest = rest.dropFirst() }
        guard let kind = rest.first, let size = Int(rest.dropFirst()), (1...4096).contains(size) else { return nil }
        switch (kind, size) {
        case ("b", 1), ("i", 1), ("i", 2), ("i", 4), ("i", 8), ("u", 1), ("u", 2), ("u", 4), ("u", 8), ("f", 2), ("f", 4), ("f", 8):
            width = size
        case ("S", _): width = size
        case ("U", _): width = 4 * size
        default: return nil
        }
        self.kind = kind
        self.size = size
    }

    func read(_ cursor: inout ByteCursor, count: Int) throws -> NumericArray.Values {
        func number<T: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>, _: T.Type) -> T {
            let value = T(littleEndianBytes: bytes)
            return isBigEndian ? value.byteSwapped : value
        }
        switch (kind, size) {
        case ("b", _), ("u", 1): return .uint8(Array(try cursor.take(count)))
        case ("i", 1): return .int64(try cursor.values(count, width: 1) { Int64(number($0, Int8.self)) })
        case ("i", 2): return .int64(try cursor.values(count, width: 2) { Int64(number($0, Int16.self)) })
        case ("i", 4): return .int64(try cursor.values(count, width: 4) { Int64(number($0, Int32.self)) })
        case ("i", _): return .int64(try cursor.values(count, width: 8) { number($0, Int64.self) })
        case ("u", 2): return .int64(try cursor.values(count, width: 2) { Int64(number($0, UInt16.self)) })
        case ("u", 4): return .int64(try cursor.values(count, width: 4) { Int64(number($0, UInt32.self)) })
        case ("u", _):
            let values = try cursor.values(count, width: 8) { number($0, UInt64.self) }
            guard let large = values.first(where: { $0 > UInt64(Int64.max) }) else { return .int64(values.map { Int64($0) }) }
            throw cursor.failure("the value \(large) does not fit into 64 signed bits; save the array as int64 or float64")
        case ("f", 2): return .float32(try cursor.values(count, width: 2) { Float(Float16Bits(number($0, UInt16.self))) })
        case ("f", 4): return .float32(try cursor.values(count, width: 4) { Float(bitPattern: number($0, UInt32.self)) })
        case ("f", _): return .float64(try cursor.values(count, width: 8) { Double(bitPattern: number($0, UInt64.self)) })
        case ("S", _):
            return .text(try cursor.values(count, width: width) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        default:
            return .text(try cursor.values(count, width: width) { bytes in
                var text = String.UnicodeScalarView()
                for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
                    let code = number(bytes[start..<(start + 4)], UInt32.self)
                    if code == 0 { break }
                    text.append(Unicode.Scalar(code) ?? "\u{FFFD}")
                }
                return String(text)
            })
        }
    }
}

/// Half precision by its bits (IEEE 754 binary16); `Float16` is not on every processor.
private struct Float16Bits {
    let bits: UInt16
    init(_ bits: UInt16) { self.bits = bits }
}

extension Float {
    fileprivate init(_ half: Float16Bits) {
        let exponent = Int(half.bits >> 10 & 0x1F), fraction = Float(half.bits & 0x3FF)
        let magnitude: Float = switch exponent {
        case 0: fraction * 0x1p-24
        case 31: fraction == 0 ? .infinity : .nan
        default: Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
        }
        self = half.bits & 0x8000 == 0 ? magnitude : -magnitude
    }
}

/// The header: a Python dictionary with exactly `descr`, `fortran_order` and `shape`.
private struct NPYHeader {
    let type: NPYType
    let isFortranOrder: Bool
    let shape: [Int]

    init(_ bytes: [UInt8], cursor: ByteCursor) throws {
        func failure(_ what: String) -> DatasetError { cursor.failure("the header \(what); the file is damaged, or save it with numpy.save") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("is not text") }
        var scanner = PythonLiteral(text)
        guard scanner.take("{") else { throw failure("is no dictionary") }
        var description: String?, order: Bool?, sizes: [Int]?
        while !scanner.take("}") {
            guard let key = scanner.string(), scanner.take(":") else { throw failure("is no dictionary of names") }
            switch key {
            case "descr":
                guard let value = scanner.string() else { throw failure("has a structured type; save plain arrays, one a column") }
                description = value
            case "fortran_order":
                guard let value = scanner.boolean() else { throw failure("has no order") }
                order = value
            case "shape":
                guard let value = scanner.tuple(), value.count <= 8 else { throw failure("has no shape of at most 8 sizes") }
                sizes = value
            default: throw failure("has the unknown key \(key.debugDescription)")
            }
            guard scanner.take(",") || scanner.isAt("}") else { throw failure("is no dictionary") }
        }
        guard let description, let order, let sizes else { throw failure("lacks descr, fortran_order or shape") }
        if description.contains("O") {
            throw cursor.failure("the array holds Python objects, which are never read; save it as numbers or text")
        }
        guard let type = NPYType(description) else {
            throw cursor.failure("the type \(description.debugDescription) is not read; save it as int64, float32 or float64")
        }
        self.type = type
        isFortranOrder = order
        shape = sizes
    }
}

/// Just enough of Python's literals for an NPY header.
private struct PythonLiteral {
    private let characters: [Character]
    private var position = 0

    init(_ text: String) { characters = Array(text) }

    private mutating func skipSpace() {
        while position < characters.count, characters[position].isWhitespace { position += 1 }
    }

    mutating func isAt(_ character: Character) -> Bool {
        skipSpace()
        return position < characters.count && characters[position] == character
    }

    mutating func take(_ character: Character) -> Bool {
        guard isAt(character) else { return false }
        position += 1
        return true
    }

    mutating func string() -> String? {
        let quote: Character = isAt("\"") ? "\"" : "'"
        guard take(quote) else { return nil }
        var text = ""
        while position < characters.count, characters[position] != quote {
            text.append(characters[position])
            position += 1
        }
        return take(quote) ? text : nil
    }

    mutating func word() -> String {
        skipSpace()
        var text = ""
        while position < characters.count, characters[position].isLetter || characters[position].isNumber {
            text.append(characters[position])
            position += 1
        }
        return text
    }

    mutating func boolean() -> Bool? {
        switch word() {
        case "True": true
        case "False": false
        default: nil
        }
    }

    mutating func tuple() -> [Int]? {
        guard take("(") else { return nil }
        var sizes: [Int] = []
        while !take(")") {
            // Python 2 wrote an L after long integers.
            var digits = word()
            if digits.hasSuffix("L") { digits.removeLast() }
            guard let size = Int(digits), size >= 0 else { return nil }
            sizes.append(size)
            guard take(",") || isAt(")") else { return nil }
        }
        return sizes
    }
}
