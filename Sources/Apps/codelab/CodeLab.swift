@main struct CodeLab { static func main() {} }
