/// The binary layout of CIFAR-10: records of one label byte and 3,072 pixel bytes (1,024 red, 1,024 green, 1,024 blue, 32 rows of
/// 32 each), nothing else (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009).
public enum CIFARBinary {
    public static let recordBytes = 3073

    /// Reads one or more batches in a row.
    /// - Parameter classes: how many classes there are; a label at or above it is an error.
    /// - Throws: `DatasetError` when the size is no multiple of 3,073 or a label is no class.
    public static func read(_ bytes: [UInt8], file: String, classes: Int = 10) throws -> ImageDataset.Part {
        guard !bytes.isEmpty, bytes.count.isMultiple(of: recordBytes) else {
            throw DatasetError(file: file, "has \(bytes.count) bytes, which is no multiple of the \(recordBytes) of a CIFAR record; "
                + "it is cut short or not CIFAR-10's binary layout")
        }
        let count = bytes.count / recordBytes
        var labels: [Int] = []
        labels.reserveCapacity(count)
        var pixels = [UInt8](repeating: 0, count: count * 3072)
        for record in 0..<count {
            let start = record * recordBytes
            let label = Int(bytes[start])
            guard label < classes else {
                throw DatasetError(file: file, place: "byte \(start)", "record \(record) has label \(label), outside 0 ... \(classes - 1); it is damaged or not CIFAR-10's binary layout")
            }
            labels.append(label)
            for channel in 0..<3 {
                let plane = start + 1 + channel * 1024
                var target = record * 3072 + channel
                for i in 0..<1024 {
                    pixels[target] = bytes[plane + i]
                    target += 3
                }
            }
        }
        return ImageDataset.Part(pixels: pixels, labels: labels)
    }
}
