extension DatasetCatalogue {
    /// Labelled pictures.
    static let imageSources: [DatasetSource] = [digits, fashion, cifarSubset]

    private static let digits = DatasetSource(
        identifier: "digits", title: "Handwritten digits, 8 x 8", kind: .images, rows: 1797, shape: "8 x 8 grey, 10 classes",
        origin: "UCI optical recognition of handwritten digits, test part, as in scikit-learn", licence: "BSD-3-Clause (scikit-learn)",
        obtain: nil, places: [.embedded]
    ) { files, identifier in
        let file = try files.read("digits.csv")
        let text = try DelimitedText(file: file.name, bytes: file.bytes, format: DelimitedFormat(delimiter: ",", header: .absent))
        var pixels: [UInt8] = [], labels: [Int] = []
        var reader = text.rows()
        while let row = try reader.next() {
            guard row.fields.count == 65 else {
                throw DatasetError(file: file.name, place: "line \(row.line)", "has \(row.fields.count) fields where 64 pixels and a label are needed; the build is damaged")
            }
            let values = row.fields.compactMap { text.number($0).flatMap { UInt8(exactly: $0) } }
            guard values.count == 65 else {
                throw DatasetError(file: file.name, place: "line \(row.line)", "has a field that is no small whole number; the build is damaged")
            }
            pixels += values.prefix(64)
            labels.append(Int(values[64]))
        }
        return try ImageDataset(identifier: identifier, checksum: file.checksum, width: 8, height: 8, channels: 1, maximum: 16,
                                classNames: (0...9).map(String.init), training: .init(pixels: pixels, labels: labels), file: file.name)
    }

    private static let fashionFiles = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]

    private static let fashion = DatasetSource(
        identifier: "fashion-mnist", aliases: ["fashion"], title: "Fashion-MNIST", kind: .images, rows: 70_000,
        shape: "28 x 28 grey, 10 classes, 60,000 training and 10,000 test",
        origin: "Zalando Research, github.com/zalandoresearch/fashion-mnist", licence: "MIT (Expat)",
        obtain: "sudo apt-get install dataset-fashion-mnist",
        places: [.folder(["fashion-mnist", "fashion"], files: fashionFiles), .system("usr/share/datasets/fashion-mnist", files: fashionFiles)]
    ) { files, identifier in
        let parts = try fashionFiles.map { try files.read($0, limit: 1 << 28) }
        let training = try IDX.readPart(images: (parts[0].bytes, parts[0].name), labels: (parts[1].bytes, parts[1].name))
        let test = try IDX.readPart(images: (parts[2].bytes, parts[2].name), labels: (parts[3].bytes, parts[3].name))
        guard training.width == test.width, training.height == test.height, training.channels == test.channels else {
            throw DatasetError(file: parts[2].name, "has pictures of \(test.width) x \(test.height) where the training part has "
                + "\(training.width) x \(training.height); give the files of one set")
        }
        return try ImageDataset(
            identifier: identifier, checksum: DatasetFiles.checksum(zip(fashionFiles, parts).map { ($0, $1.checksum) }),
            width: training.width, height: training.height, channels: training.channels,
            classNames: ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
            training: training.part, test: test.part, file: parts[0].name)
    }

    private static let cifarSubset = DatasetSource(
        identifier: "cifar10-subset", title: "CIFAR-10, 4,000 pictures", kind: .images, rows: 4000,
        shape: "32 x 32 colour, 10 classes, 3,000 training and 1,000 test",
        origin: "Krizhevsky 2009, www.cs.toronto.edu/~kriz/cifar.html; the first 4,000 training pictures",
        licence: "none stated; research use by custom",
        obtain: "fetch www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz, unpack it, then "
            + "`mkdir -p {data}/cifar10-subset && head -c 9219000 data_batch_1.bin > {data}/cifar10-subset/train_3000.bin && "
            + "tail -c +9219001 data_batch_1.bin | head -c 3073000 > {data}/cifar10-subset/test_1000.bin && "
            + "cp batches.meta.txt {data}/cifar10-subset/`",
        places: [.folder(["cifar10-subset"], files: ["train_3000.bin", "test_1000.bin", "batches.meta.txt"])]
    ) { files, identifier in
        try readCIFAR(files, identifier, training: ["train_3000.bin"], test: "test_1000.bin")
    }

    /// Batches in CIFAR-10's binary layout with their class names in `batches.meta.txt`.
    static func readCIFAR(_ files: DatasetFiles, _ identifier: String, training: [String], test: String) throws -> ImageDataset {
        let meta = try files.read("batches.meta.txt", limit: 1 << 16)
        let names = String(decoding: meta.bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { String($0) }.filter { !$0.isEmpty }
        guard (2...256).contains(names.count), Set(names).count == names.count else {
            throw DatasetError(file: meta.name, "lists \(names.count) class names where one a line, each once, is needed; fetch it again")
        }
        var pixels: [UInt8] = [], labels: [Int] = []
        var checksums = [("batches.meta.txt", meta.checksum)]
        for name in training {
            let file = try files.read(name, limit: 1 << 30)
            let part = try CIFARBinary.read(file.bytes, file: file.name, classes: names.count)
            pixels += part.pixels
            labels += part.labels
            checksums.append((name, file.checksum))
        }
        let file = try files.read(test, limit: 1 << 30)
        checksums.append((test, file.checksum))
        return try ImageDataset(identifier: identifier, checksum: DatasetFiles.checksum(checksums), width: 32, height: 32, channels: 3,
                                classNames: names, training: .init(pixels: pixels, labels: labels),
                                test: CIFARBinary.read(file.bytes, file: file.name, classes: names.count), file: file.name)
    }
}
