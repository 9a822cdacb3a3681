print("rozmova")
