import Foundation
import Tensors

/// The arrays of a safetensors file; the format itself is read by `Tensors.Safetensors`.
public enum SafetensorsArrays {
    /// Reads every tensor in the order of the file. Half precision becomes Float32, integers become Int64 (bytes stay bytes).
    /// - Throws: `DatasetError` for a damaged file, and where tensors overlap so often that they outgrow the file.
    public static func read(_ bytes: [UInt8], file: String) throws -> [(name: String, array: NumericArray)] {
        do {
            let tensors = try Safetensors(Data(bytes), path: file)
            var total = 0
            return try tensors.entries.map { entry in
                total += elementCount(entry.shape) ?? bytes.count + 1
                guard total <= bytes.count else {
                    throw DatasetError(file: file, place: "tensor \(entry.name)", "with it the tensors hold more values than the file has bytes; it is damaged, fetch it again")
                }
                let values = try values(tensors, entry, file)
                guard let array = NumericArray(shape: entry.shape, values: values) else {
                    throw DatasetError(file: file, place: "tensor \(entry.name)", "its values do not fill the shape \(entry.shape); it is damaged, fetch it again")
                }
                return (entry.name, array)
            }
        } catch let error as SafetensorsError {
            throw DatasetError(file: file, error.reason + "; fetch or save it again")
        }
    }

    private static func values(_ tensors: Safetensors, _ entry: Safetensors.Entry, _ file: String) throws -> NumericArray.Values {
        switch entry.elementType {
        case "F32", "F16", "BF16": return .float32(try tensors.tensor(entry.name, as: Float.self).scalars)
        case "F64": return .float64(try tensors.tensor(entry.name, as: Double.self).scalars)
        default:
            // Whole numbers pass through Float64, which is exact up to 2^53; beyond, they would come out changed.
            let numbers = try tensors.tensor(entry.name, as: Double.self).scalars
            guard numbers.allSatisfy({ abs($0) <= 0x1p53 }) else {
                throw DatasetError(file: file, place: "tensor \(entry.name)", "holds whole numbers beyond 2^53, which are not read; save them as float64")
            }
            if entry.elementType == "U8" || entry.elementType == "BOOL" { return .uint8(numbers.map { UInt8(clamping: Int($0)) }) }
            return .int64(numbers.map { Int64($0) })
        }
    }
}

extension WeightsFile {
    /// Pretrained weights out of a safetensors file; floats of any precision become Float32.
    init(identifier: String, checksum: String, safetensors bytes: [UInt8], companions: [String: [UInt8]] = [:], file: String) throws {
        let tensors = try SafetensorsArrays.read(bytes, file: file).map { name, array in
            let values: Tensor.Values = switch array.values {
            case .float32(let values): .float32(values)
            case .float64(let values): .float32(values.map(Float.init))
            case .int64(let values): .int64(values)
            case .uint8(let values): .int64(values.map(Int64.init))
            case .text: .int64([])
            }
            return Tensor(name: name, shape: array.shape, values: values)
        }
        try self.init(identifier: identifier, checksum: checksum, tensors: tensors, companions: companions, file: file)
    }
}
