import Datasets
import Experiments
import Foundation

/// A policy as a file: JSON with the operations in the order of the probabilities, so that a reader with other operations notices.
///
///     {"format": "lathe augmentation policy", "version": 1, "origin": {"dataset": "shapes32", "seed": 1},
///      "operations": [["Identity", 6], ["ShearX", 0], …], "layers": [[0.01, …], …]}
public enum PolicyFile {
    static let format = "lathe augmentation policy"

    /// The bytes of a file.
    /// - Parameter origin: where the policy comes from, names and values; for a reader's eyes.
    public static func encoded(_ policy: AugmentationPolicy, origin: [(name: String, value: String)] = []) -> Data {
        func quoted(_ text: String) -> String {
            var writer = "\""
            for character in text.unicodeScalars {
                switch character {
                case "\"": writer += "\\\""
                case "\\": writer += "\\\\"
                case _ where character.value < 0x20: writer += " "
                default: writer.unicodeScalars.append(character)
                }
            }
            return writer + "\""
        }
        let operations = PolicyOperation.all.map { "[\(quoted($0.transform.rawValue)), \($0.magnitude)]" }.joined(separator: ", ")
        let layers = policy.layers.map { "  [" + $0.map { "\($0)" }.joined(separator: ", ") + "]" }.joined(separator: ",\n")
        let origins = origin.map { "\(quoted($0.name)): \(quoted($0.value))" }.joined(separator: ", ")
        return Data("{\"format\": \(quoted(format)), \"version\": 1, \"origin\": {\(origins)},\n \"operations\": [\(operations)],\n \"layers\": [\n\(layers)\n ]}\n".utf8)
    }

    /// Reads a policy.
    /// - Throws: `AugmentationError` with the file, and what in it is wrong.
    public static func read(path: String) throws -> AugmentationPolicy {
        guard FileManager.default.fileExists(atPath: path) else { throw AugmentationError("\(path): there is no such policy file; give the path of one that `lathe artifacts` wrote") }
        let bytes: [UInt8]
        do { bytes = try ByteSource(file: URL(fileURLWithPath: path)).readAll(limit: 4 << 20) } catch { throw AugmentationError("\(error)") }
        do { return try decoded(bytes) } catch { throw AugmentationError("\(path): \(error)") }
    }

    /// Reads the bytes of a policy.
    /// - Throws: `AugmentationError`: no such file; other operations than this program's; layers of another length or not probabilities.
    public static func decoded(_ bytes: [UInt8]) throws(AugmentationError) -> AugmentationPolicy {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw AugmentationError("is no JSON, \(error)") }
        guard value["format"]?.string == format else { throw AugmentationError("is no policy: its “format” is not “\(format)”") }
        guard value["version"]?.int == 1 else { throw AugmentationError("is a policy of a version that this program does not read; it reads 1") }
        guard let operations = value["operations"]?.elements else { throw AugmentationError("has no list “operations”") }
        for (place, entry) in operations.enumerated() {
            guard let pair = entry.elements, pair.count == 2, let name = pair[0].string, let magnitude = pair[1].int else {
                throw AugmentationError("operation \(place) is no pair of a transform's name and a magnitude")
            }
            guard let transform = PixelTransform(rawValue: name) else { throw AugmentationError("operation \(place): “\(name.prefix(40))” is no transform; there are \(PixelTransform.allCases.map(\.rawValue).joined(separator: ", "))") }
            guard (0...12).contains(magnitude) else { throw AugmentationError("operation \(place): \(name) has the magnitude \(magnitude), outside 0 … 12") }
            guard transform.magnitudes.contains(magnitude) else {
                throw AugmentationError("operation \(place): \(name) with magnitude \(magnitude) is no operation, since " + (transform.range == nil ? "it has none but 6" : "that changes nothing"))
            }
            guard place < PolicyOperation.all.count, PolicyOperation.all[place] == PolicyOperation(transform, magnitude) else {
                throw AugmentationError("has another list of operations than this program: number \(place) is \(name) with magnitude \(magnitude)")
            }
        }
        guard operations.count == PolicyOperation.all.count else { throw AugmentationError("lists \(operations.count) operations; there are \(PolicyOperation.all.count)") }
        guard let rows = value["layers"]?.elements else { throw AugmentationError("has no list “layers”") }
        var layers: [[Double]] = []
        for (place, row) in rows.enumerated() {
            guard let cells = row.elements else { throw AugmentationError("layer \(place + 1) is no list of probabilities") }
            var layer: [Double] = []
            for (index, cell) in cells.enumerated() {
                guard let number = cell.double else { throw AugmentationError("layer \(place + 1), number \(index): is no number") }
                layer.append(number)
            }
            layers.append(layer)
        }
        return try AugmentationPolicy(layers: layers)
    }
}
