/// PyTorch's file layout before version 1.6 (not a zip archive): five pickles in a row (magic number, protocol, system facts,
/// dictionary of tensors, list of storage keys), then for each key an element count and raw values.
///
/// Tensors are copied through their strides, so that what comes out is contiguous and row-major whatever lies in the file.
public enum LegacyPyTorch {
    /// The magic number 0x1950a86a20f9469cfc6c, least significant byte first.
    private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    private static let globals: Set<String> = [
        "collections OrderedDict", "torch._utils _rebuild_tensor_v2", "torch FloatStorage", "torch LongStorage",
    ]

    /// Reads every tensor of the file's dictionary, in its order.
    /// - Throws: `DatasetError` with the byte for anything that plain weights do not need, for a cut or damaged file, and for a
    ///   tensor that reaches beyond its storage.
    public static func read(_ bytes: [UInt8], file: String) throws -> [WeightsFile.Tensor] {
        var cursor = ByteCursor(file: file, bytes: bytes)
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw DatasetError(file: file, "is the newer, zipped PyTorch format, which is not read; save it again with "
                + "torch.save(…, _use_new_zipfile_serialization=False), or as safetensors")
        }
        var machine = PickleMachine(allowedGlobals: globals)
        guard try machine.run(&cursor) == .wideInteger(magic) else {
            throw DatasetError(file: file, place: "byte 0", "does not begin with PyTorch's magic number; it is not a PyTorch weights file")
        }
        guard try machine.run(&cursor) == .integer(1001) else { throw cursor.failure("the protocol is not 1001; save the weights again with a current PyTorch") }
        guard case .dictionary(let system) = try machine.run(&cursor),
              !machine.dictionaries[system].contains(where: { $0.key == .string("little_endian") && $0.value != .bool(true) }) else {
            throw cursor.failure("the file was written on a big-endian machine or lacks its system facts; save it again on a common machine")
        }
        guard case .dictionary(let state) = try machine.run(&cursor) else {
            throw cursor.failure("the file holds no dictionary of tensors; save model.state_dict(), not the model")
        }
        guard case .list(let keys) = try machine.run(&cursor) else { throw cursor.failure("the list of storages is missing; the file is damaged, fetch it again") }

        let records = try machine.dictionaries[state].map { try TensorRecord($0.key, $0.value, machine, cursor) }
        let storages = try readStorages(machine.lists[keys], records, &cursor)
        var total = 0
        return try records.map { record in
            // Tensors may share a storage, but not so often that a small file fills the memory.
            total += elementCount(record.shape) ?? 0
            guard total <= bytes.count else {
                throw DatasetError(file: file, place: "tensor \(record.name)", "with it the tensors hold more values than the file has bytes; it is damaged, fetch it again")
            }
            guard let storage = storages[record.storage] else {
                throw DatasetError(file: file, place: "tensor \(record.name)", "its values are missing from the file; it is cut short, fetch it again")
            }
            return try record.gather(from: storage, bytes: bytes, file: file)
        }
    }

    /// Where the raw values of one storage lie.
    private struct Storage {
        var start: Int
        var count: Int
    }

    /// One tensor as the pickle describes it.
    private struct TensorRecord {
        let name: String
        let storage: String
        let isFloat: Bool
        let storageCount: Int
        let offset: Int
        let shape: [Int]
        let strides: [Int]

        init(_ key: PickleMachine.Value, _ value: PickleMachine.Value, _ machine: PickleMachine, _ cursor: ByteCursor) throws {
            guard case .string(let name) = key else { throw cursor.failure("a tensor has no name; save model.state_dict(), not the model") }
            func failure() -> DatasetError {
                DatasetError(file: cursor.file, place: "tensor \(name)", "is not a plain tensor of Float32 or Int64; save model.state_dict() with such tensors only")
            }
            guard case .call(global: "torch._utils _rebuild_tensor_v2", let index) = value, machine.tuples[index].count >= 4 else { throw failure() }
            let arguments = machine.tuples[index]
            // ("storage", type, key, place, count)
            guard case .persistent(let reference) = arguments[0], machine.tuples[reference].count >= 5,
                  machine.tuples[reference][0] == .string("storage"), case .global(let type) = machine.tuples[reference][1],
                  type == "torch FloatStorage" || type == "torch LongStorage",
                  case .string(let storage) = machine.tuples[reference][2], case .integer(let storageCount) = machine.tuples[reference][4],
                  case .integer(let offset) = arguments[1], case .tuple(let sizes) = arguments[2], case .tuple(let steps) = arguments[3],
                  let shape = Self.integers(machine.tuples[sizes]), let strides = Self.integers(machine.tuples[steps]) else { throw failure() }
            self.name = name
            self.storage = storage
            isFloat = type == "torch FloatStorage"
            self.storageCount = storageCount
            self.offset = offset
            self.shape = shape
            self.strides = strides
        }

        private static func integers(_ values: [PickleMachine.Value]) -> [Int]? {
            var result: [Int] = []
            for value in values {
                guard case .integer(let number) = value else { return nil }
                result.append(number)
            }
            return result
        }

        func gather(from storage: Storage, bytes: [UInt8], file: String) throws -> WeightsFile.Tensor {
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: file, place: "tensor \(name)", sentence + "; the file is damaged, fetch it again") }
            guard shape.count == strides.count, shape.count <= 8, let count = elementCount(shape), count <= storage.count, offset >= 0 else {
                throw failure("has shape \(shape) and strides \(strides), which do not fit its \(storage.count) stored values")
            }
            if count > 0 {
                var last = offset
                for (size, step) in zip(shape, strides) {
                    let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: step)
                    let (sum, overflow2) = last.addingReportingOverflow(reach)
                    guard step >= 0, !overflow, !overflow2 else { throw failure("has impossible strides \(strides)") }
                    last = sum
                }
                guard last < storage.count else { throw failure("reaches beyond its \(storage.count) stored values") }
            }
            if isFloat {
                let values = walk(count).map { Float(bitPattern: UInt32(littleEndianBytes: bytes[(storage.start + 4 * $0)..<(storage.start + 4 * $0 + 4)])) }
                return .init(name: name, shape: shape, values: .float32(values))
            }
            let values = walk(count).map { Int64(littleEndianBytes: bytes[(storage.start + 8 * $0)..<(storage.start + 8 * $0 + 8)]) }
            return .init(name: name, shape: shape, values: .int64(values))
        }

        /// The places in the storage in row-major order of the tensor; bounds were tested.
        private func walk(_ count: Int) -> [Int] {
            // An axis of one element is never stepped along, whatever its stride says.
            let strides = zip(shape, strides).map { $0 > 1 ? $1 : 0 }
            var places: [Int] = []
            places.reserveCapacity(count)
            var index = [Int](repeating: 0, count: shape.count)
            var place = offset
            for _ in 0..<count {
                places.append(place)
                var axis = shape.count - 1
                while axis >= 0 {
                    index[axis] += 1
                    place += strides[axis]
                    if index[axis] < shape[axis] { break }
                    place -= shape[axis] * strides[axis]
                    index[axis] = 0
                    axis -= 1
                }
            }
            return places
        }
    }

    private static func readStorages(_ keys: [PickleMachine.Value], _ records: [TensorRecord], _ cursor: inout ByteCursor) throws -> [String: Storage] {
        var described: [String: (isFloat: Bool, count: Int)] = [:]
        for record in records { described[record.storage] = (record.isFloat, record.storageCount) }
        var storages: [String: Storage] = [:]
        for key in keys {
            guard case .string(let name) = key, let expected = described[name] else {
                throw cursor.failure("the file lists a storage that no tensor uses; it is damaged, fetch it again")
            }
            let count = try cursor.littleEndian(Int64.self)
            guard count == Int64(expected.count), count >= 0, count <= Int64(cursor.remaining / (expected.isFloat ? 4 : 8)) else {
                throw cursor.failure("storage \(name) announces \(count) values, which do not fit the file or the dictionary; it is cut short or damaged, fetch it again")
            }
            storages[name] = Storage(start: cursor.position, count: Int(count))
            try cursor.skip(Int(count) * (expected.isFloat ? 4 : 8))
        }
        guard cursor.remaining == 0 else { throw cursor.failure("\(cursor.remaining) bytes follow the last storage; the file is damaged, fetch it again") }
        return storages
    }
}
