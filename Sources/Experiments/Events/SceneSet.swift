extension RunEvent {
    /// Agents that move in the plane over the same steps of a clock, what was predicted of one of them, and what each is worth. Later sets of a name
    /// take the place of earlier ones.
    public struct SceneSet: Sendable, Equatable, Codable {
        public enum Role: String, Sendable, Codable, CaseIterable {
            /// The agent that the scene is about: what it did and did.
            case subject
            /// One that moves beside it.
            case other
            /// What was predicted of the subject.
            case prediction
        }

        public struct Track: Sendable, Equatable, Codable {
            public var name: String
            public var role: Role
            /// The step of its first position.
            public var firstStep: Int
            /// Positions, one a step.
            public var x: [Double], y: [Double]
            /// Of a prediction: its probability.
            public var probability: Double?
            /// One value a column of the set; not finite where there is none.
            public var values: [Double]
            public init(name: String, role: Role, firstStep: Int = 0, x: [Double], y: [Double], probability: Double? = nil, values: [Double] = []) {
                self.name = name
                self.role = role
                self.firstStep = firstStep
                self.x = x
                self.y = y
                self.probability = probability
                self.values = values
            }
        }

        public struct Scene: Sendable, Equatable, Codable {
            public var caption: String
            /// The last step that was seen; what follows is future.
            public var present: Int
            public var tracks: [Track]
            public init(caption: String, present: Int, tracks: [Track]) {
                self.caption = caption
                self.present = present
                self.tracks = tracks
            }
        }

        public var name: String
        /// Of positions.
        public var unit: String
        /// Seconds a step.
        public var step: Double
        /// What `Track.values` are; the first is drawn as thickness.
        public var columns: [Table.Column]
        public var scenes: [Scene]
        public init(name: String, unit: String = "", step: Double, columns: [Table.Column], scenes: [Scene]) {
            self.name = name
            self.unit = unit
            self.step = step
            self.columns = columns
            self.scenes = scenes
        }
    }
}

extension RunEvent.SceneSet {
    func write(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("unit", unit)
        writer.member("step", step)
        writer.key("columns")
        writer.beginArray()
        for column in columns { column.write(to: &writer) }
        writer.endArray()
        writer.key("scenes")
        writer.beginArray()
        for scene in scenes {
            writer.beginObject()
            writer.member("caption", scene.caption)
            writer.member("present", scene.present)
            writer.key("tracks")
            writer.beginArray()
            for track in scene.tracks {
                writer.beginObject()
                writer.member("name", track.name)
                writer.member("role", track.role.rawValue)
                writer.member("firstStep", track.firstStep)
                writer.member("x", track.x)
                writer.member("y", track.y)
                if let probability = track.probability { writer.member("probability", probability) }
                writer.member("values", track.values)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
    }

    init(_ fields: JSONFields) throws(RunEventError) {
        let columns = try fields.array("columns").map { json throws(RunEventError) in try RunEvent.Table.Column(JSONFields(json)) }
        let scenes = try fields.array("scenes").map { json throws(RunEventError) in
            let scene = JSONFields(json)
            let tracks = try scene.array("tracks").map { json throws(RunEventError) in
                let track = JSONFields(json)
                let x = try track.doubles("x"), y = try track.doubles("y"), values = try track.doubles("values"), first = try track.integer("firstStep")
                guard x.count == y.count, values.count == columns.count || values.isEmpty, (0...1_000_000).contains(first), let role = Role(rawValue: try track.string("role")) else {
                    throw RunEventError("a track does not have one y an x, one value a column, a first step from 0 and a known role")
                }
                return Track(name: try track.string("name"), role: role, firstStep: first, x: x, y: y, probability: try track.optionalDouble("probability"), values: values)
            }
            let present = try scene.integer("present")
            guard (0...1_000_000).contains(present) else { throw RunEventError("a scene's present is no step from 0") }
            return Scene(caption: try scene.string("caption", default: ""), present: present, tracks: tracks)
        }
        self.init(name: try fields.string("name"), unit: try fields.string("unit", default: ""), step: try fields.double("step"), columns: columns, scenes: scenes)
    }
}
