// swift-tools-version: 6.2
import PackageDescription

/// Every target is Swift 6 language mode (the tools version's default) and free of warnings.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A room of the house: a library target, its folder below `Sources`, and its tests.
/// `dependencies` is what the room may import; see `docs/architecture.md`.
func room(_ name: String, folder: String? = nil, _ dependencies: [Target.Dependency],
          tests extra: [Target.Dependency] = [],
          testResources: [Resource] = []) -> [Target] {
    let path = folder ?? name
    return [
        .target(name: name, dependencies: dependencies, path: "Sources/\(path)", swiftSettings: strict),
        .testTarget(name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + extra,
                    path: "Tests/\(path)Tests", resources: testResources, swiftSettings: strict),
    ]
}

let targets: [[Target]] = [
    // C libraries of the system: module maps only.
    [
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    ],
    // Inner loops in C, chosen by processor at run time.
    [.target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-fno-trapping-math"])])],
    // Data that ships inside the binary (C23 `#embed`).
    [.target(name: "CEmbedded", exclude: ["data"], cSettings: [.unsafeFlags(["-std=c23"])])],
    room("Tensors", ["CKernels", "COpenBLAS"], testResources: [.copy("Fixtures")]),
    room("Layers", ["Tensors"], testResources: [.copy("Fixtures")]),
    room("Datasets", ["Tensors", "CZlib", "CEmbedded"], testResources: [.copy("Fixtures")]),
    // Text for encoders: word pieces, BERT, pretrained weights.
    room("Language", ["Datasets", "Layers", "Tensors"], tests: ["EncoderTesting"]),
    [.target(name: "CCrash")],
    room("Experiments", ["CCrash", "CKernels", "Datasets", "Tensors", .product(name: "GRDB", package: "GRDB.swift")],
         tests: ["TrialMethod", "StoreWriter", "Faults"], testResources: [.copy("Fixtures")]),
    // For the tests of the store: a small method, and a process of its own that can be killed.
    [
        .target(name: "TrialMethod", dependencies: ["Experiments", "Datasets", "Tensors"], path: "Tests/Support/TrialMethod",
                swiftSettings: strict),
        .executableTarget(name: "StoreWriter", dependencies: ["TrialMethod", "Experiments"], path: "Tests/Support/StoreWriter",
                          swiftSettings: strict),
        // Kills, fills, tears and crashes, as a user's machine does: `make faults`.
        .target(name: "CFaults", path: "Tests/Support/CFaults"),
        .executableTarget(name: "Faults", dependencies: ["CFaults", "TrialMethod", "Experiments", "Datasets", "Tensors"], path: "Tests/Faults", swiftSettings: strict),
    ],
    // For the tests of text encoders: where data is, and gradients by differences.
    [.target(name: "EncoderTesting", dependencies: ["Datasets", "Tensors"], path: "Tests/Support/EncoderTesting", swiftSettings: strict)],
    // What must work inside a signal handler: the terminal's restoration, and (above) the report of a crash.
    [.target(name: "CTerminal", dependencies: ["CCrash"])],
    room("Terminal", ["CNcurses", "CTerminal", "CCrash"]),
    room("Charts", ["Terminal"], testResources: [.copy("Fixtures")]),
    room("Augmentation", ["Experiments", "Datasets", "Tensors"], testResources: [.copy("Fixtures")]),
    room("DIVA", folder: "Methods/DIVA", ["Augmentation", "Experiments", "Datasets", "Language", "Layers", "Tensors"],
         testResources: [.copy("Fixtures")]),
    room("ColdBrew", folder: "Methods/ColdBrew", ["Experiments", "Datasets", "Tensors"], testResources: [.copy("Fixtures")]),
    room("GraphRelationalDA", folder: "Methods/GraphRelationalDA", ["Experiments", "Datasets", "Tensors"]),
    room("GIANT", folder: "Methods/GIANT", ["Experiments", "Datasets", "Language", "Layers", "Tensors"], testResources: [.copy("Fixtures")]),
    room("PSAGAN", folder: "Methods/PSAGAN", ["Experiments", "Datasets", "Layers", "Tensors"]),
    room("RIM", folder: "Methods/RIM", ["Experiments", "Datasets", "Layers", "Tensors"], testResources: [.copy("Fixtures")]),
    room("TransEncoder", folder: "Methods/TransEncoder", ["Experiments", "Datasets", "Language", "Layers", "Tensors"], tests: ["EncoderTesting"]),
    room("TrajectoryShapley", folder: "Methods/TrajectoryShapley", ["Experiments", "Datasets", "Layers", "Tensors"]),
    room("DeepAutoAugment", folder: "Methods/DeepAutoAugment", ["Augmentation", "Experiments", "Datasets", "Layers", "Tensors"]),
    room("VisualGeneralisation", folder: "Methods/VisualGeneralisation", ["Experiments", "Datasets", "Layers", "Tensors"]),
    room("Catalogue", folder: "Methods/Catalogue", ["Experiments", "DeepAutoAugment", "DIVA", "ColdBrew", "GraphRelationalDA", "GIANT", "PSAGAN", "RIM", "TrajectoryShapley", "TransEncoder", "VisualGeneralisation"]),
    room("Workbench", ["Charts", "Terminal", "Experiments", "Datasets", "Catalogue"],
         testResources: [.copy("Fixtures")]),
    // The executable: one file a subcommand, no logic.
    [
        .executableTarget(name: "lathe", dependencies: [
            "Workbench", "Charts", "Terminal", "Experiments", "Datasets", "Catalogue", "DIVA", "Language", "Layers", "Tensors",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ], swiftSettings: strict),
        .testTarget(name: "CommandLineTests", dependencies: ["lathe", "Faults", "Experiments", "Datasets"],
                    swiftSettings: strict),
    ],
]

let package = Package(
    name: "lathe",
    products: [.executable(name: "lathe", targets: ["lathe"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: targets.flatMap { $0 }
)
