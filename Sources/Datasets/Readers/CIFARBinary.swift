/// The binary layout of CIFAR-10: records of one label byte and 3,072 pixel bytes (1,024 red, 1,024 green, 1,024 blue, 32 rows of
/// 32 each), nothing else; CIFAR-100 has two label bytes, the coarse class and the fine one (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009).
public enum CIFARBinary {
    /// Reads one or more batches in a row.
    /// - Parameters:
    ///   - classes: how many classes there are; a label at or above it is an error.
    ///   - labelBytes: 1 for CIFAR-10; 2 for CIFAR-100, of which the second counts.
    /// - Throws: `DatasetError` when the size is no multiple of 3,073 (3,074) or a label is no class.
    public static func read(_ bytes: [UInt8], file: String, classes: Int = 10, labelBytes: Int = 1) throws -> ImageDataset.Part {
        let recordBytes = 3072 + labelBytes
        guard !bytes.isEmpty, bytes.count.isMultiple(of: recordBytes) else {
            throw DatasetError(file: file, "has \(bytes.count) bytes, which is no multiple of the \(recordBytes) of a CIFAR record; "
                + "it is cut short or not CIFAR-\(labelBytes == 1 ? 10 : 100)'s binary layout")
        }
        let count = bytes.count / recordBytes
        var labels: [Int] = []
        labels.reserveCapacity(count)
        var pixels = [UInt8](repeating: 0, count: count * 3072)
        for record in 0..<count {
            let start = record * recordBytes
            let label = Int(bytes[start + labelBytes - 1])
            guard label < classes else {
                throw DatasetError(file: file, place: "byte \(start)", "record \(record) has label \(label), outside 0 ... \(classes - 1); it is damaged or not CIFAR's binary layout")
            }
            labels.append(label)
            for channel in 0..<3 {
                let plane = start + labelBytes + channel * 1024
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
