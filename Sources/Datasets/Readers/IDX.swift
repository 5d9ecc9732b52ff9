/// IDX files (MNIST, Fashion-MNIST): two zero bytes, a type byte, the number of dimensions, that many big-endian 32-bit sizes,
/// then the values, row-major and big-endian.
public enum IDX {
    /// Reads a whole IDX file that is already unpacked.
    /// - Throws: `DatasetError` for a wrong mark, an unknown type, sizes that do not fit the file (tested before anything is
    ///   allocated), and for bytes left over.
    public static func read(_ bytes: [UInt8], file: String) throws -> NumericArray {
        var cursor = ByteCursor(file: file, bytes: bytes)
        guard try cursor.bigEndian(UInt16.self) == 0 else {
            throw DatasetError(file: file, place: "byte 0", "an IDX file begins with two zero bytes; is it another format, or still packed?")
        }
        let type = try cursor.byte(), rank = Int(try cursor.byte())
        let widths: [UInt8: Int] = [0x08: 1, 0x09: 1, 0x0B: 2, 0x0C: 4, 0x0D: 4, 0x0E: 8]
        guard let width = widths[type], (1...8).contains(rank) else {
            throw DatasetError(file: file, place: "byte 2", "type 0x\(String(type, radix: 16)) with \(rank) dimensions is no IDX type; the file is damaged, fetch it again")
        }
        var shape: [Int] = []
        for _ in 0..<rank { shape.append(Int(try cursor.bigEndian(UInt32.self))) }
        guard let count = elementCount(shape), count == cursor.remaining / width, cursor.remaining.isMultiple(of: width) else {
            throw cursor.failure("the header announces \(shape.map(String.init).joined(separator: " x ")) values of \(width) bytes and "
                + "\(cursor.remaining) bytes follow; the file is cut short or damaged, fetch it again")
        }
        let values: NumericArray.Values
        switch type {
        case 0x08: values = .uint8(Array(try cursor.take(count)))
        case 0x09: values = .int64(try cursor.take(count).map { Int64(Int8(bitPattern: $0)) })
        case 0x0B: values = .int64(try cursor.values(count) { Int64(Int16(littleEndianBytes: $0).byteSwapped) })
        case 0x0C: values = .int64(try cursor.values(count) { Int64(Int32(littleEndianBytes: $0).byteSwapped) })
        case 0x0D: values = .float32(try cursor.values(count) { Float(bitPattern: UInt32(littleEndianBytes: $0).byteSwapped) })
        default: values = .float64(try cursor.values(count) { Double(bitPattern: UInt64(littleEndianBytes: $0).byteSwapped) })
        }
        guard let array = NumericArray(shape: shape, values: values) else { throw cursor.failure("the values do not fill the shape \(shape)") }
        return array
    }

    /// Pictures and labels of one part, from their two files.
    /// - Throws: `DatasetError` when one is no IDX file, or their counts differ.
    public static func readPart(images: (bytes: [UInt8], file: String), labels: (bytes: [UInt8], file: String)) throws
        -> (part: ImageDataset.Part, width: Int, height: Int, channels: Int) {
        let pictures = try read(images.bytes, file: images.file), classes = try read(labels.bytes, file: labels.file)
        guard case .uint8(let pixels) = pictures.values, pictures.shape.count == 3 || (pictures.shape.count == 4 && pictures.shape[3] == 3) else {
            throw DatasetError(file: images.file, "holds an array of shape \(pictures.shape); pictures are bytes of shape count x height x width")
        }
        guard classes.shape.count == 1, let labelValues = classes.integers() else {
            throw DatasetError(file: labels.file, "holds an array of shape \(classes.shape); labels are whole numbers, one a picture")
        }
        guard labelValues.count == pictures.shape[0] else {
            throw DatasetError(file: labels.file, "has \(labelValues.count) labels for the \(pictures.shape[0]) pictures of \(images.file); give the two files of one set")
        }
        return (ImageDataset.Part(pixels: pixels, labels: labelValues), pictures.shape[2], pictures.shape[1], pictures.shape.count == 4 ? 3 : 1)
    }
}

extension ByteCursor {
    /// Takes `count` values of one width, each made from its bytes. The caller has tested that they are there.
    mutating func values<T>(_ count: Int, width: Int? = nil, _ make: (ArraySlice<UInt8>) -> T) throws -> [T] {
        let width = width ?? (count > 0 ? remaining / count : 0)
        let (total, overflow) = count.multipliedReportingOverflow(by: width)
        let slice = try take(overflow ? Int.max : total)
        var result: [T] = []
        result.reserveCapacity(count)
        var start = slice.startIndex
        for _ in 0..<count {
            result.append(make(slice[start..<(start + width)]))
            start += width
        }
        return result
    }
}
