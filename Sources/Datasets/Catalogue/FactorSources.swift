extension DatasetCatalogue {
    /// Images with known factors, drawn by the program.
    static let factorSources: [DatasetSource] = [
        drawn("sprites", "Drawn sprites: 5 factors", Sprites(), share: 0.2),
        drawn("rooms", "Drawn rooms: 6 factors", Rooms(), share: 0.15),
        drawn("arm", "Drawn robot arm: 7 factors", RobotArm(), share: 0.1),
        drawn("arm-camera", "Drawn robot arm seen by a camera", RobotArm(), share: 0.1, hasCamera: true),
        drawn("faces", "Drawn faces: 4 factors", Faces(), share: 0.3, compositionShare: 0.2),
    ]

    private static func drawn(_ identifier: String, _ title: String, _ generator: some FactorGenerator, share: Double, compositionShare: Double? = nil, hasCamera: Bool = false) -> DatasetSource {
        let factors = generator.factors
        return DatasetSource(identifier: identifier, title: title, kind: .factors, rows: factors.reduce(1) { $0 * $1.size },
                             shape: "32 x 32 \(generator.channels == 1 ? "grey" : "colour"), \(factors.map { "\($0.size)" }.joined(separator: " x ")) values",
                             origin: "drawn by Lathe\(hasCamera ? ", noise and brightness by the image's index" : "")", licence: "none needed", obtain: nil, places: [.embedded]) { _, identifier in
            try FactorDataset(identifier: identifier, generator: generator, heldOutShare: share, compositionShare: compositionShare, hasCamera: hasCamera)
        }
    }
}
